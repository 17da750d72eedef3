// The worker of the explorables.
import { serve } from "../serve.js";
import { exploreActs } from "./acts.js";

serve(exploreActs);
