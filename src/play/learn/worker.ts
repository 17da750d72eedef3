// The worker that learns rules. It is another one than that of the life, which goes on meanwhile.
import { serve } from "../serve.js";
import { learnActs } from "./acts.js";

serve(learnActs((told) => postMessage({ told })));
