// The golden cases that come with the package, as make_golden.py wrote them.
import fullSize50Steps from "./golden/full-size-50-steps.json" with { type: "json" };
import linearLayerSymmetric from "./golden/linear-layer-symmetric.json" with { type: "json" };
import linearShared from "./golden/linear-shared.json" with { type: "json" };
import momentumIdentity from "./golden/momentum-identity.json" with { type: "json" };
import momentumTanh from "./golden/momentum-tanh.json" with { type: "json" };
import rcnLayer from "./golden/rcn-layer.json" with { type: "json" };
import rcnNeuronBias from "./golden/rcn-neuron-bias.json" with { type: "json" };
import rcnOneChemical from "./golden/rcn-one-chemical.json" with { type: "json" };
import rcnShared from "./golden/rcn-shared.json" with { type: "json" };
import rcnSynapseBias from "./golden/rcn-synapse-bias.json" with { type: "json" };

/** Case name to parsed JSON. */
export const goldenFiles: Readonly<Record<string, unknown>> = {
  "full-size-50-steps": fullSize50Steps,
  "linear-layer-symmetric": linearLayerSymmetric,
  "linear-shared": linearShared,
  "momentum-identity": momentumIdentity,
  "momentum-tanh": momentumTanh,
  "rcn-layer": rcnLayer,
  "rcn-neuron-bias": rcnNeuronBias,
  "rcn-one-chemical": rcnOneChemical,
  "rcn-shared": rcnShared,
  "rcn-synapse-bias": rcnSynapseBias,
};
