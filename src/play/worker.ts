// The worker of a life.
import { acts } from "./acts.js";
import { serve } from "./serve.js";

serve(acts);
