// The real engine: MuJoCo's official WebAssembly build with a model of ours, made from the same numbers as a body. What it
// gives has the face of our simulation, so the same controllers swim in both.
import loadMujoco from "@mujoco/mujoco";
import type { Swimmer, SwimmerBody, SwimmerStart } from "../../src/control/index.js";

const box = ({ width, length, depth, mass }: SwimmerBody): string =>
  `<geom type="box" size="${width / 2} ${length / 2} ${depth / 2}" mass="${mass}"/>`;

/** MuJoCo's model of a body: the constants of the Control Suite's swimmer where the body has none. */
export function modelOf(body: SwimmerBody): string {
  const { joints, length, armature, gear, density, timestep, limit } = body;
  const pivot = `pos="0 ${-length / 2} 0"`;
  const degrees = (limit * 180) / Math.PI;
  const stop = Number.isFinite(limit) ? `limited="true" range="${-degrees} ${degrees}"` : `limited="false"`;
  let rest = "";
  for (let joint = joints - 1; joint >= 0; joint--) {
    rest = `<body pos="0 ${length} 0">${box(body)}<joint name="joint${joint}" type="hinge" axis="0 0 1" ${pivot} ${stop}
      solreflimit="0.05 1" solimplimit="0 0.8 0.1" armature="${armature}"/>${rest}</body>`;
  }
  const motor = (joint: number): string =>
    `<motor joint="joint${joint}" gear="${gear}" ctrllimited="true" ctrlrange="-1 1"/>`;
  return `<mujoco>
    <option timestep="${timestep}" density="${density}" gravity="0 0 0"><flag contact="disable"/></option>
    <worldbody><body>${box(body)}
      <joint type="slide" axis="1 0 0" ${pivot}/><joint type="slide" axis="0 1 0" ${pivot}/>
      <joint type="hinge" axis="0 0 1" ${pivot}/><site name="head"/>${rest}
    </body></worldbody>
    <actuator>${Array.from({ length: joints }, (_, joint) => motor(joint)).join("")}</actuator>
    <sensor><velocimeter site="head"/></sensor>
  </mujoco>`;
}

/** Swimmers that MuJoCo simulates. Of its links only the head's forward speed is read. */
export type Engine = (body: SwimmerBody, start: SwimmerStart) => Swimmer;

/** Loads the engine. */
export async function mujoco(): Promise<Engine> {
  const engine = await loadMujoco();
  return (body, start) => {
    const model = engine.MjModel.from_xml_string(modelOf(body));
    const data = new engine.MjData(model);
    data.qpos.set(Array.from(start.position));
    if (start.velocity) data.qvel.set(Array.from(start.velocity));
    engine.mj_forward(model, data);
    return {
      body,
      position: () => Float64Array.from(data.qpos),
      velocity: () => Float64Array.from(data.qvel),
      joints: () => data.qpos.subarray(3),
      linkVelocities: () => new Float64Array(3 * body.links),
      outline: () => new Float64Array(2 * body.links + 2),
      // The nose points to -y. Sensors are read after a forward pass at the end of the step.
      speed: () => -data.sensordata[1],
      step(torques) {
        data.ctrl.set(Array.from(torques));
        for (let i = 0; i < body.substeps; i++) engine.mj_step(model, data);
        engine.mj_step1(model, data);
      },
    };
  };
}
