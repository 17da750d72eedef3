// A process that trains in the folder it is given, to be killed: `node child.mjs FOLDER [train]`. Prints each episode.
import { resume, train } from "../../src/meta/index.js";
import { small, tiny } from "./fixtures.js";

const [out, verb] = process.argv.slice(2);
const options = { out, workers: 1, onEpisode: ({ episode }: { episode: number }) => console.log(episode) };
const config = { ...tiny, episodes: 40 };
const { ruleHash } = await (verb === "train" ? train(small, config, options) : resume(small, options));
console.log(ruleHash);
