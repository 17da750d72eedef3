// How long something takes to compute, whatever else the machine does.

/** Milliseconds that this process has computed so far. Unlike a clock's they stand still while others are computing. */
export function computed(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
