"""Pair STDP in Brian2, on trains from standard input: a line of JSON with the weight of each synapse after them.

The input is JSON: `pre` and `post`, the steps (of 1 ms) at which each sender and the receiver spike, and the rule's numbers.
Traces take up a spike before it counts on the other side, as in `stdp`: at a step in which both spike, both count.
"""
import json
import sys

import numpy as np
from brian2 import Network, SpikeGeneratorGroup, Synapses, defaultclock, ms, prefs

prefs.codegen.target = "numpy"
case = json.load(sys.stdin)
defaultclock.dt = 1 * ms
senders = len(case["pre"])
index = np.concatenate([np.full(len(times), i) for i, times in enumerate(case["pre"])]).astype(int)
times = np.concatenate(case["pre"]).astype(float)
order = np.argsort(times, kind="stable")
pre = SpikeGeneratorGroup(senders, index[order], times[order] * ms)
post = SpikeGeneratorGroup(1, np.zeros(len(case["post"]), int), np.array(case["post"], float) * ms)
plus, minus = case["plus"], case["minus"]
synapses = Synapses(
    pre,
    post,
    f"""w : 1
    da/dt = -a / ({case['tauPlus']}*ms) : 1 (event-driven)
    db/dt = -b / ({case['tauMinus']}*ms) : 1 (event-driven)""",
    on_pre={"take_pre": "a += 1", "weaken": f"w -= {minus!r} * b"},
    on_post={"take_post": "b += 1", "strengthen": f"w += {plus!r} * a"},
)
synapses.take_pre.order = synapses.take_post.order = -1
synapses.connect()
synapses.w = case["start"]
Network(pre, post, synapses).run(case["steps"] * ms)
print(json.dumps([float(x) for x in synapses.w]))
