"""Runs circuits of Josephson junctions in ngspice, and compares pulses with those of `transient`.

Debian's `ngspice` has no junction, so that each is a behavioural current source whose phase is integrated by a capacitor.
Reads JSON from standard input: circuits with nodes, junctions, branches, sources, the moments of pulses, and ours to compare
with; prints a line of JSON for each. Units: mA, pH, ps, mV, ohm, pF become A, H, s, V, ohm, F.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

FLUX_OVER_TURN = 0.32910597e-15
TURN = 6.283185307179586


def deck(case):
    """The netlist of a case."""
    lines = ["* junctions", ".options reltol=1e-6 abstol=1e-12 vntol=1e-9 method=trap maxord=2"]
    ramp = case["ramp"]
    for i, (ic, bias) in enumerate(zip(case["critical"], case["bias"])):
        ic, bias = ic * 1e-3, bias * 1e-3
        # A phase of 1 rad is 1 V across 1 F: its current is the voltage over the flux quantum, with time in ps.
        lines += [
            f"Cph{i} p{i} 0 1e-12",
            f"Gph{i} 0 p{i} n{i} 0 {1e-12 / FLUX_OVER_TURN:.10e}",
            f"Rph{i} p{i} 0 1e15",
            f"Bj{i} n{i} 0 I={ic:.10e}*sin(V(p{i}))",
            f"Cj{i} n{i} 0 {case['capacitance'] * ic * 1e3 * 1e-12:.10e}",
            f"Rj{i} n{i} 0 {1 / (case['conductance'] * ic * 1e3):.10e}",
            f"Ib{i} 0 n{i} PWL(0 0 {ramp}p {bias:.10e} 1 {bias:.10e})",
        ]
    for i, (a, b, ratio, l, r) in enumerate(case["branches"]):
        # An ideal transformer in series: a source follows ratio times the voltage of a, and a takes ratio times the current.
        lines += [f"Et{i} t{i} 0 n{a} 0 {ratio}", f"Vt{i} t{i} u{i} 0", f"Ft{i} n{a} 0 Vt{i} {ratio}"]
        lines += [f"L{i} u{i} w{i} {l}p", f"R{i} w{i} n{b} {max(r, 1e-9)}"]
    for i, (node, amplitude, sigma, times) in enumerate(case["inputs"]):
        terms = "+".join(f"exp(-((time*1e12-{t})/{sigma})^2/2)" for t in times) or "0"
        lines.append(f"Bin{i} 0 n{node} I={amplitude * 1e-3}*({terms})")
    first, out = case["first"], case["out"]
    lines += [
        f".tran {case['step']}p {case['duration']}p 0 {case['step']}p uic",
        ".control", "set noaskquit", "run", f"wrdata $OUT V(p{out}) V(n{out}) V(p{first})", ".endc", ".end",
    ]
    return "\n".join(lines)


def course(path):
    """Times in ps, the phase and the voltage (mV) of the last node, and the phase of the first."""
    with open(path) as file:
        rows = [[float(x) for x in row.split()] for row in file]
    return [row[0] * 1e12 for row in rows], [row[1] for row in rows], [row[3] * 1e3 for row in rows], [row[5] for row in rows]


def pulses(times, phases):
    """The moments at which a phase passes the middle of a turn."""
    moments, turns, before = [], 0, (0.0, 0.0)
    for t, phase in zip(times, phases):
        while phase >= (turns + 0.5) * TURN:
            share = ((turns + 0.5) * TURN - before[1]) / (phase - before[1])
            moments.append(before[0] + share * (t - before[0]))
            turns += 1
        before = (t, phase)
    return moments


def area(times, voltages, since):
    """The area of a voltage from a moment on, in mV ps, by trapezoids."""
    pairs = list(zip(times, voltages))
    return sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in zip(pairs, pairs[1:]) if a[0] >= since)


for case in json.load(sys.stdin):
    with tempfile.TemporaryDirectory() as folder:
        path, out = os.path.join(folder, "deck.cir"), os.path.join(folder, "out.txt")
        with open(path, "w") as file:
            file.write(deck(case).replace("$OUT", out))
        began = time.perf_counter()
        used = os.times()
        done = subprocess.run(["ngspice", "-b", path], capture_output=True, text=True)
        now = os.times()
        seconds = time.perf_counter() - began
        computed = now.children_user - used.children_user
        if not os.path.exists(out):
            sys.exit(done.stdout[-2000:] + done.stderr[-2000:])
        times, phases, voltages, early = course(out)
        theirs = pulses(times, phases)
        begun = pulses(times, early)
    ours = case["pulses"]
    off = max((abs(a - b) for a, b in zip(ours, theirs)), default=0.0)
    same = len(ours) == len(theirs)
    row = {"name": case["name"], "ours": len(ours), "ngspice": len(theirs), "ps": off if same else None}
    if theirs:
        row["ngspiceDelay"] = theirs[0] - begun[0]
        row["ngspiceArea"] = area(times, voltages, case["since"]) / len(theirs)
    print(json.dumps({**row, "seconds": seconds, "computed": computed}), flush=True)
