"""Spiking cells in Brian2: a line of JSON on standard input, and one with the steps of all spikes on standard output.

The input is JSON: `kind` "izhikevich", "lif" or "grid", the length of a step `dt` in ms, how many `steps`, and the numbers of
the cells. Integration is Euler's for Izhikevich's cells and exact for leaky ones, threshold and reset come after each step.
"""
import json
import sys

import numpy as np
from brian2 import Network, NeuronGroup, SpikeMonitor, Synapses, TimedArray, defaultclock, ms, prefs

prefs.codegen.target = "numpy"
case = json.load(sys.stdin)
dt, steps = case["dt"], case["steps"]
defaultclock.dt = dt * ms
IZHIKEVICH = """dv/dt = (0.04 * v**2 + 5 * v + 140 - u + %s) / ms : 1
du/dt = a * (b * v - u) / ms : 1
a : 1
b : 1
c : 1
d : 1"""


def cells(current, count, extra=""):
    group = NeuronGroup(
        count, IZHIKEVICH % current + extra, threshold="v > 30", reset="v = c; u += d", method="euler"
    )
    for name in "abcd":
        setattr(group, name, case[name])
    group.v = -65
    group.u = "b * v"
    return group


parts = []
if case["kind"] == "izhikevich":
    group = cells("current", len(case["a"]), "\ncurrent : 1")
    group.current = case["current"]
elif case["kind"] == "lif":
    # Between steps the potential decays; then the current of the step is added, as in `lif`.
    trains = TimedArray(np.array(case["currents"]), dt=dt * ms)
    group = NeuronGroup(
        len(case["currents"][0]),
        "dv/dt = -v / (tau * ms) : 1\ntau : 1",
        threshold="v > 1",
        reset="v = 0",
        method="exact",
    )
    group.tau = case["tau"]
    group.run_regularly("v += trains(t, i)", when="before_thresholds")
else:
    units = case["units"]
    pulse = TimedArray(np.array([30.0] * case["pulse"] + [0.0]), dt=dt * ms)
    middle = (units - 1) // 2
    group = cells("current + pulse(t) * int(i == middle)", units, "\ncurrent : 1")
    # In a step: what spikes of the step before add, then the cells; at the end currents fade.
    group.run_regularly(f"current *= exp(-{dt} / 5)", when="after_resets")
    synapses = Synapses(group, group, on_pre=f"current_post += {case['weight']}")
    synapses.pre.order = 1
    synapses.pre.when = "end"
    synapses.connect(i=[pair[0] for pair in case["pairs"]], j=[pair[1] for pair in case["pairs"]])
    parts = [synapses]
spikes = SpikeMonitor(group)
Network(group, spikes, *parts).run(steps * dt * ms)
at = np.round(np.array(spikes.t / ms) / dt).astype(int)
trains = [sorted(at[np.array(spikes.i) == unit].tolist()) for unit in range(len(group))]
print(json.dumps(trains))
