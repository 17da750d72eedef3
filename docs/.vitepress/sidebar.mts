// The places of all pages, in the order in which a reader meets them. Every page under docs/ stands here, or in the
// generated reference; test/docs/site.test.ts holds that. The file imports nothing, so that the test can read it.

export interface Place {
  readonly text: string;
  /** The page's address, without the base and without `.html`. A group of places has none. */
  readonly link?: string;
  readonly items?: readonly Place[];
  readonly collapsed?: boolean;
}

const study = (name: string, text: string): Place => ({ text, link: `/studies/${name}/` });
const guide = (name: string, text: string): Place => ({ text, link: `/guides/${name}` });

const guides: readonly Place[] = [
  {
    text: "First steps",
    items: [
      guide("command-line", "The command line"),
      guide("playground", "The playground"),
      guide("own-data", "Your own data"),
      guide("coming-from", "From JAX, PyTorch, TensorFlow.js"),
      guide("embedding", "Page, worker, service, Electron"),
      guide("memory", "Memory"),
      guide("determinism", "Determinism"),
      guide("gpu", "On a GPU"),
      guide("float64", "float64"),
    ],
  },
  {
    text: "Learning rules",
    items: [
      guide("training", "Training a rule in code"),
      guide("estimators", "Estimators of meta-gradients"),
      guide("rules-from-data", "Rules from data"),
      guide("two-choice-experiment", "A two-choice experiment"),
      guide("rule-cards", "Rule cards"),
      guide("own-motif", "Your own motif"),
      guide("own-parts", "Own parts on the command line"),
      guide("living-synapses", "Living synapses"),
    ],
  },
  {
    text: "Networks and learning",
    collapsed: true,
    items: [
      guide("networks", "Networks"),
      guide("loops", "Loops and custom gradients"),
      guide("credit", "Assigning credit"),
      guide("nested-learners", "Nested learners"),
      guide("real-time", "Learning in real time"),
      guide("rich-and-lazy", "Rich and lazy learning"),
      guide("homeostatic-shift", "Learning rates as an inner state"),
      guide("brain-modes", "Brain modes"),
      guide("orthogonal-initialisation", "Orthogonal first weights"),
    ],
  },
  {
    text: "Neurons and brains",
    collapsed: true,
    items: [
      guide("spiking", "Spiking neurons"),
      guide("dendrites", "Dendrites"),
      guide("sparse-representations", "Sparse representations"),
      guide("brain-architecture", "Brain architectures"),
      guide("control", "Control by a neural circuit"),
    ],
  },
  {
    text: "Mathematics and physics",
    collapsed: true,
    items: [
      guide("linear-algebra", "Linear algebra, special functions"),
      guide("ode", "Differential equations"),
      guide("circuits", "Superconducting circuits"),
      guide("checks", "Checking your own code"),
    ],
  },
  {
    text: "Many runs",
    collapsed: true,
    items: [
      guide("sweeps", "Sweeps"),
      guide("reports", "Reports in a program"),
      { text: "A study of your own", link: "/own-studies" },
      guide("engines", "Past one machine"),
      guide("slurm", "Slurm"),
      guide("kubernetes", "Kubernetes"),
    ],
  },
];

const studies: readonly Place[] = [
  { text: "The ledger", link: "/studies/" },
  study("recurrent-chemical-networks", "Recurrent chemical networks"),
  study("estimators", "Estimators of meta-gradients"),
  study("bio-transformations", "Bio Transformations"),
  study("predictive-coding", "Predictive coding"),
  study("equilibrium-propagation", "Equilibrium propagation"),
  study("backprop-diffusion", "Backprop diffusion"),
  study("nested-learners", "Nested learners"),
  study("two-time-scales", "Two time scales"),
  study("stdp-homeostasis", "STDP and homeostasis"),
  study("gain", "Cells on a grid"),
  study("learned-neurons", "Learned neurons"),
  study("perforated-backprop", "Perforated backpropagation"),
  study("sparse-representations", "Sparse representations"),
  study("brain-architecture", "Brain architecture"),
  study("brain-modes", "Brain modes"),
  study("homeostatic-shift", "Homeostatic networks"),
  study("rich-and-lazy", "Rich and lazy learning"),
  study("orthogonal-initialisation", "Orthogonal first weights"),
  study("bio-inspired-mamba", "Bio-inspired Mamba"),
  study("neural-circuit-priors", "Neural circuit priors"),
  study("flux-quantum-xor", "XOR with single flux quanta"),
  study("rules-from-data", "Rules from data"),
  study("rule-pool", "Which motifs a rule needs"),
];

const decisions: readonly Place[] = [
  ["0001-arenas-and-epochs", "Arenas and epochs"],
  ["0002-functions-are-transformed", "Functions are transformed"],
  ["0003-own-transcendentals", "Our own transcendentals"],
  ["0004-closed-records", "Closed records"],
  ["0005-fused-chemical-step", "The fused chemical step"],
  ["0006-checkpointed-loop", "A checkpointed loop"],
  ["0007-gpu-by-lowering", "The GPU by lowering"],
  ["0008-safetensors-runs", "Runs in safetensors"],
  ["0009-kept-by-configuration", "Kept by configuration"],
  ["0010-no-runtime-dependency", "No runtime dependency"],
  ["0011-fields", "Fields"],
  ["0012-one-sweep", "One sweep"],
  ["0013-who-may-write-beside-a-run", "Who may write beside a run"],
  ["0014-two-traces", "Two traces"],
].map(([name, text]) => ({ text, link: `/decisions/${name}` }));

/** The entries of the package, as package.json exports them: the reference has a page for each. */
export const entries: readonly string[] = [
  "synaptape",
  "plasticity",
  "optim",
  "float64",
  "linalg",
  "sparse",
  "special",
  "nn",
  "ode",
  "brain",
  "bio",
  "credit",
  "circuits",
  "infer",
  "spiking",
  "dendrites",
  "control",
  "data",
  "io",
  "meta",
  "runs",
  "studies",
  "sweeps",
  "report",
  "gpu",
  "debug",
  "testing",
];
const reference = entries.map((name) => ({
  text: name === "synaptape" ? name : `synaptape/${name}`,
  link: `/api/${name}`,
}));

/** All places, from the first page to the last. */
export const places: readonly Place[] = [
  {
    text: "Learn",
    items: [
      { text: "Five tutorials", link: "/learn/" },
      { text: "1. A first gradient", link: "/learn/1-a-first-gradient" },
      { text: "2. A network that learns online", link: "/learn/2-a-network-that-learns-online" },
      { text: "3. Learning the rule", link: "/learn/3-learning-the-rule" },
      { text: "4. Your own motif and synapse", link: "/learn/4-your-own-motif-and-synapse" },
      { text: "5. From a rule to a claim", link: "/learn/5-from-a-rule-to-a-claim" },
    ],
  },
  { text: "Guides", items: guides },
  {
    text: "Reference",
    items: [
      { text: "Glossary", link: "/reference/glossary" },
      { text: "The ten motifs", link: "/reference/motifs" },
      { text: "The synapses", link: "/reference/synapses" },
      { text: "Conventions", link: "/conventions" },
      { text: "Functions and types", link: "/api/", items: reference, collapsed: true },
      { text: "Changes", link: "/changelog" },
    ],
  },
  { text: "Studies", collapsed: true, items: studies },
  {
    text: "How fast, how large",
    collapsed: true,
    items: [
      { text: "Benchmarks", link: "/benchmarks" },
      { text: "Compared with PyTorch", link: "/peer-comparison" },
      { text: "A million browsers", link: "/scale" },
    ],
  },
  {
    text: "How it is built",
    collapsed: true,
    items: [
      { text: "Architecture", link: "/architecture" },
      { text: "How it is tested", link: "/testing" },
      { text: "Contributing", link: "/contributing" },
      { text: "Decisions", link: "/decisions/", items: decisions, collapsed: true },
    ],
  },
];
