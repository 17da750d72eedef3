// The golden cases that come with the package, as make_golden.py wrote them.
import fullSize50Steps from "./cases/full-size-50-steps.json" with { type: "json" };
import linearLayerSymmetric from "./cases/linear-layer-symmetric.json" with { type: "json" };
import linearShared from "./cases/linear-shared.json" with { type: "json" };
import momentumIdentity from "./cases/momentum-identity.json" with { type: "json" };
import momentumTanh from "./cases/momentum-tanh.json" with { type: "json" };
import rcnLayer from "./cases/rcn-layer.json" with { type: "json" };
import rcnNeuronBias from "./cases/rcn-neuron-bias.json" with { type: "json" };
import rcnOneChemical from "./cases/rcn-one-chemical.json" with { type: "json" };
import rcnShared from "./cases/rcn-shared.json" with { type: "json" };
import rcnSynapseBias from "./cases/rcn-synapse-bias.json" with { type: "json" };

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
