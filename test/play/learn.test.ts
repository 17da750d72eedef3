// Learning a rule in the playground: the same run as on the command line, whether it waits in between or not, and rules are
// compared as `synaptape evaluate` would.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { trainConfig } from "../../src/cli/train-config.js";
import { glyphs } from "../../src/data/index.js";
import { flagsOf } from "../../src/fields/index.js";
import { evaluate, type RuleValues, train } from "../../src/meta/index.js";
import { trainFields } from "../../src/meta/internal.js";
import { type PresetName, plasticityFields, presets } from "../../src/plasticity/index.js";
import { type LearnerTold, learnActs } from "../../src/play/learn/acts.js";
import { commandOf, type LearningSettings, learningConfig } from "../../src/play/learn/settings.js";

const names = Object.keys(presets) as PresetName[];
const settingsOf = (preset: PresetName, more: Partial<LearningSettings> = {}): LearningSettings => ({
  ...{ preset, plasticity: presets[preset].config, hidden: [6, 4], ways: 3, shots: 2, episodes: 5 },
  ...{ learningRate: undefined, seed: 3, ...more },
});

/** The run that the command line makes of a command. */
function runOf(command: string) {
  const [program, name, train, preset, called, ...words] = command.split(" ");
  expect([program, name, train, preset]).toEqual(["npx", "synaptape", "train", "--preset"]);
  const known = [trainFields, plasticityFields].flatMap((fields) => flagsOf(fields));
  const given = words.flatMap((word, i) => {
    const flag = known.find((each) => each.name === word);
    return flag ? [[flag.key, flag.read(words[i + 1])]] : [];
  });
  expect(words).toHaveLength(2 * given.length);
  return trainConfig({ preset: called as PresetName, ...Object.fromEntries(given) });
}

describe("the settings of learning", () => {
  const chosen = fc.record({
    preset: fc.constantFrom(...names),
    motifs: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1 }),
    feedback: fc.constantFrom("fixed", "symmetric", "direct", "sign", "plastic"),
    tauMax: fc.integer({ min: 50, max: 1000 }),
    hidden: fc.array(fc.integer({ min: 1, max: 256 }), { minLength: 1, maxLength: 4 }),
    ways: fc.integer({ min: 2, max: 9 }),
    shots: fc.integer({ min: 1, max: 100 }),
    episodes: fc.integer({ min: 1, max: 5000 }),
    learningRate: fc.option(fc.double({ min: 1e-6, max: 1, noNaN: true }), { nil: undefined }),
    seed: fc.maxSafeNat(),
  });

  it("are those of the command that is shown", () => {
    fc.assert(
      fc.property(chosen, ({ motifs, feedback, tauMax, ...rest }) => {
        const plasticity = { ...presets[rest.preset].config, motifs, feedback, tauMax } as const;
        const config = learningConfig({ ...rest, plasticity });
        const command = commandOf(config);
        expect(command).toBeDefined();
        expect(runOf(command as string)).toEqual(config);
      }),
    );
  });

  it("have no command if there is no flag for one of them", () => {
    const { config: base } = presets.bio;
    expect(commandOf(learningConfig(settingsOf("bio", { plasticity: { ...base, beta: 5 } })))).toBeUndefined();
  });

  it.each([
    [{ ways: 10 }, /characters in a task is 10.*from 2 to 9/],
    [{ ways: 1.5 }, /characters in a task is 1.5/],
    [{ episodes: 1e9 }, /number of episodes is 1000000000/],
    [{ shots: 0 }, /images of each character is 0/],
    [{ hidden: [1e9] }, /width of a hidden layer/],
    [{ learningRate: 0 }, /step size is 0.*above 0/],
    [{ learningRate: Number.NaN }, /step size is NaN/],
    [{ seed: -1 }, /seed is -1/],
    [{ plasticity: { ...presets.rcn.config, chemicals: 1e6 } }, /number of chemicals is 1000000/],
    [{ plasticity: { ...presets.rcn.config, synapse: "constructor" } }, /no synapse is called/],
  ])("are refused if a page should not run them: %o", (odd, sentence) => {
    expect(() => learningConfig(settingsOf("rcn", odd as Partial<LearningSettings>))).toThrow(sentence);
  });
});

describe("learning", () => {
  it.each(["bio", "rcn", "kolen-pollack"] as const)(
    "learns the rule of a run, whether it waits or not: %s",
    async (preset) => {
      const settings = settingsOf(preset);
      const alone = await train(glyphs(), learningConfig(settings), { workers: 1 });
      const told: RuleValues[] = [];
      const waits: Promise<unknown>[] = [];
      const acts = learnActs((news: LearnerTold) => {
        if (!("rule" in news)) return;
        told.push(news.rule);
        // It pauses at once, and goes on when what it has learned so far was looked at.
        if (told.length === 2)
          waits.push(
            acts.pause().then((found) => {
              acts.goOn();
              return found;
            }),
          );
      });
      const outcome = await acts.learn(settings);
      expect(outcome).toMatchObject({ episodes: 5, hash: alone.ruleHash, rule: alone.rule });
      expect(told.at(-1)).toEqual(alone.rule);
      const [paused] = (await Promise.all(waits)) as (typeof outcome)[];
      const shorter = await train(glyphs(), learningConfig({ ...settings, episodes: paused.episodes }), { workers: 1 });
      expect(paused.episodes).toBeLessThan(5);
      expect(paused.hash).toBe(shorter.ruleHash);
      expect(paused.command).toMatch(new RegExp(`--episodes ${paused.episodes}\\b`));
    },
  );

  it("can be ended, also while it waits, and another one begins in its place", async () => {
    let seen = 0;
    const acts = learnActs(() => {
      if (++seen === 3) void acts.pause();
      if (seen === 6) acts.end();
    });
    const first = acts.learn(settingsOf("bio", { episodes: 5000 }));
    while (seen < 3) await new Promise((done) => setTimeout(done, 5));
    const second = acts.learn(settingsOf("bio", { episodes: 5000, seed: 8 }));
    const { episodes, hash } = await second;
    expect(episodes).toBe(3);
    const ended = await train(glyphs(), learningConfig(settingsOf("bio", { episodes: 3 })), { workers: 1 });
    expect(await first).toMatchObject({ episodes: 3, hash: ended.ruleHash });
    const alone = await train(glyphs(), learningConfig(settingsOf("bio", { episodes: 3, seed: 8 })), { workers: 1 });
    expect(hash).toBe(alone.ruleHash);
  });

  it("says that nothing was learned before anything was", async () => {
    const acts = learnActs(() => {});
    await expect(acts.outcome()).rejects.toThrow(/no rule has been learned yet/);
    await expect(acts.pause()).rejects.toThrow(/no rule has been learned yet/);
  });
});

describe("two rules", () => {
  it("are compared on the tasks on which `evaluate` tests what is held out", async () => {
    const settings = settingsOf("rcn", { episodes: 8 });
    const told: unknown[] = [];
    const acts = learnActs((news) => "scores" in news && told.push(news.scores));
    const { plasticity, hidden, rule } = await acts.learn(settings);
    const config = learningConfig(settings);
    const lines = await evaluate(glyphs(), config, rule, { tasks: 4 });
    const heldOut = lines.filter(({ condition }) => condition === "held out");
    const P = rule.P.map(({ shape, data }) => ({ shape, data: data.map(() => 0.02) }));
    const other = { plasticity, hidden, rule: { ...rule, P } };
    const rules = [{ plasticity, hidden, rule }, other] as const;
    const { scores, gain } = await acts.compare(rules, { ways: 3, shots: 2, seed: 3, tasks: 4 });
    expect(scores.map(([first]) => first)).toEqual(heldOut.map(({ learned }) => learned.accuracy));
    const again = await evaluate(glyphs(), config, other.rule, { tasks: 4 });
    const theirs = again.filter(({ condition }) => condition === "held out").map(({ learned }) => learned.accuracy);
    expect(scores.map(([, second]) => second)).toEqual(theirs);
    expect(told).toEqual(scores);
    expect(gain.mean).toBeCloseTo(scores.reduce((sum, [a, b]) => sum + b - a, 0) / 4, 12);
    const turned = await acts.compare([other, rules[0]], { ways: 3, shots: 2, seed: 3, tasks: 4 });
    expect(turned.scores).toEqual(scores.map(([a, b]) => [b, a]));
  });

  it("may be for networks of other sizes, and one that diverges knows nothing", async () => {
    const { plasticity, hidden, rule } = await learnActs(() => {}).learn(settingsOf("fa", { episodes: 2 }));
    const huge = { ...rule, P: rule.P.map(({ shape, data }) => ({ shape, data: data.map(() => 3e38) })) };
    const acts = learnActs(() => {});
    const tasks = { ways: 2, shots: 2, seed: 0, tasks: 2 };
    const { scores } = await acts.compare(
      [
        { plasticity, hidden, rule: huge },
        { plasticity, hidden: [5], rule },
      ],
      tasks,
    );
    expect(scores.map(([first]) => first)).toEqual([0, 0]);
    await expect(
      acts.compare(
        [
          { plasticity, hidden, rule },
          { plasticity, hidden, rule },
        ],
        { ...tasks, tasks: 1 },
      ),
    ).rejects.toThrow(/number of tasks is 1/);
  });
});
