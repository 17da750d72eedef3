// Saves a network with its mechanisms in one file: its description, its options, and all numbers. A training that
// continues from it has the same bits as one that was never stopped.

import { checkMade, InputError, Key, plain, scope } from "../core/index.js";
import { decode, decodeSafetensors, encode } from "../io/index.js";
import { type LayerKind, type NetworkDescription, network, type Params } from "../nn/index.js";
import type { Scheduled } from "../optim/index.js";
import { type Bio, bio } from "./bio.js";
import { readBioConfig } from "./config.js";
import type { BioState } from "./optimizer.js";

/** What `loadBio` returns: everything that `saveBio` was given. */
export interface LoadedBio {
  /** The network and its mechanisms. */
  readonly alive: Bio;
  /** The parameters. */
  readonly params: Params;
  /** The state, including the optimizer's. */
  readonly state: BioState;
}

/**
 * The bytes of a safetensors file with the network's description, all options, the parameters and the whole state.
 *
 * @example
 * const net = network({ input: [4], layers: [dense(3), activation("relu"), dense(2)] });
 * const alive = bio(net, { dale: { excitatory: 0.8 } }, sgd({ lr: 0.1 }));
 * const params = alive.convert(net.init(Key.of(0)));
 * saveBio(alive, params, alive.init(params)).length > 0; // true
 */
export function saveBio(alive: Bio, params: Params, state: BioState): Uint8Array {
  checkMade("saveBio", "the first argument", alive, ["original", "config"], "Make it with bio().");
  const about = { network: JSON.stringify(alive.original.description), bio: JSON.stringify(alive.config) };
  return encode({ params, state } as never, about);
}

/**
 * Reads what `saveBio` wrote. To make a copy within a program no file is needed: `keep({ params, state })` copies the
 * numbers, and the rest never changes.
 *
 * @param optimizer an optimizer like the one that was used: functions cannot be saved.
 * @param kinds the kinds of layers that the network uses in addition to `layerKinds`.
 * @param name what errors call the file.
 * @throws InputError for a file that is damaged, holds something else, or was saved with another optimizer.
 * @example
 * const net = network({ input: [4], layers: [dense(3), activation("relu"), dense(2)] });
 * const alive = bio(net, { dale: { excitatory: 0.8 } }, sgd({ lr: 0.1 }));
 * const params = alive.convert(net.init(Key.of(0)));
 * const bytes = saveBio(alive, params, alive.init(params));
 * equalBits(loadBio(bytes, sgd({ lr: 0.1 })).params, params); // true
 */
export function loadBio(
  bytes: Uint8Array,
  optimizer: Scheduled<Params>,
  kinds: Readonly<Record<string, LayerKind>> = {},
  name = "the file",
): LoadedBio {
  const { metadata } = decodeSafetensors(bytes, name);
  const read = <T>(field: string): T => {
    try {
      return JSON.parse(metadata[field]) as T;
    } catch (cause) {
      throw new InputError(
        `[loadBio] ${plain(name)} does not say what its ${field} is. Use a file that saveBio wrote.`,
        {
          cause,
        },
      );
    }
  };
  const net = network(read<NetworkDescription>("network"), kinds);
  const alive = bio(net, readBioConfig(read("bio"), plain(name)), optimizer, kinds);
  const { tree } = scope(() => {
    const params = alive.network.init(Key.of(0));
    const template = { params, state: alive.init(params) };
    return { tree: decode(bytes, template as never, name).tree as unknown as typeof template };
  });
  return { alive, ...tree };
}
