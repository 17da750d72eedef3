// A process that trains in the folder it is given, to be killed: `node child.mjs FOLDER [train|resume] [EPISODES]`. Prints each episode.
import { resume, train } from "../../src/meta/index.js";
import { small, tiny } from "./fixtures.js";

const [out, verb, episodes = "40"] = process.argv.slice(2);
const options = { out, workers: 1, onEpisode: ({ episode }: { episode: number }) => console.log(episode) };
const config = { ...tiny, episodes: Number(episodes) };
const { ruleHash } = await (verb === "train" ? train(small, config, options) : resume(small, options));
console.log(ruleHash);
