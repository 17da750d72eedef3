// Subcircuits that every netlist has: the parts of a network of pulses.

/** Their netlists. Currents in mA, inductances in pH. */
export const library = `
* A stage of a transmission line: a junction behind an inductor, biased by a share of its critical current.
.subckt jtl a b bias=0.75 ic=0.1 l=5
L1 a b l
B1 b ic
I1 b bias*ic
.ends

* One pulse in, one out at each of b and c, whose junctions belong to it.
.subckt splitter a b c bias=0.75 ic=0.1 l=3.5
L1 a m l
B1 m 1.4*ic
I1 m 1.4*bias*ic
L2 m b l
B2 b ic
I2 b bias*ic
L3 m c l
B3 c ic
I3 c bias*ic
.ends

* From a line to a neuron. The resistor blocks constant currents, and lets the current of a pulse fade with l / r.
.subckt synapse a b l=4 r=1
L1 a b l r
.ends

* The same with a transformer that turns the current around.
.subckt inhibition a b l=4 r=1
T1 a b l r
.ends

* A junction at a that sums what synapses bring it, and three stages that carry its pulse to b.
.subckt neuron a b threshold=0.82 bias=0.75 ic=0.1 l=5
B1 a ic
I1 a threshold*ic
X1 a m jtl bias=bias ic=ic l=l
X2 m n jtl bias=bias ic=ic l=l
X3 n b jtl bias=bias ic=ic l=l
.ends
`;
