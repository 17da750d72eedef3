// A network in one file: its parameters as a safetensors file, and its description in the file's metadata.

import { checkKind, InputError, Key, plain } from "../core/index.js";
import { decode, decodeSafetensors, encode } from "../io/index.js";
import type { LayerKind } from "./layer.js";
import { checkNetwork, type Network, type NetworkDescription, network, type Params, type States } from "./network.js";

const FIELD = "network";

/** The result of `decodeNetwork`. */
export interface DecodedNetwork {
  /** The network. */
  readonly net: Network;
  /** Its parameters. */
  readonly params: Params;
  /** The states of its layers. */
  readonly states: States;
  /** The other texts that were given to `encodeNetwork`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * What a file holds: the parameters alone, as in older versions, or together with the layers' states if there are any.
 */
const treeOf = (params: Params, states: States): unknown =>
  states.some((state) => Object.keys(state).length > 0) ? { params, states } : params;

/**
 * The bytes of a safetensors file with a network: its description, its parameters and the states of its layers.
 *
 * @param metadata other texts to store, by name.
 * @param states the states; by default the first ones.
 * @throws RangeError for a text called "network", since the description has this name.
 * @example
 * const net = network({ input: [4], layers: [dense(3)] });
 * const bytes = encodeNetwork(net, net.init(Key.of(0)), { note: "untrained" });
 * decodeNetwork(bytes).net.output; // [3]
 */
export function encodeNetwork(
  net: Network,
  params: Params,
  metadata: Readonly<Record<string, string>> = {},
  states?: States,
): Uint8Array {
  checkNetwork("encodeNetwork", net);
  checkKind("encodeNetwork", "the metadata", metadata, "an object");
  if (Object.hasOwn(metadata, FIELD)) {
    throw new RangeError(
      `[encodeNetwork] the name "${FIELD}" is taken by the description. Give the text another name.`,
    );
  }
  return encode(treeOf(params, states ?? net.states()) as never, {
    ...metadata,
    [FIELD]: JSON.stringify(net.description),
  });
}

/**
 * The network that `encodeNetwork` wrote.
 *
 * @param kinds your own kinds of layers, as for `network`.
 * @param name the name of the file in errors.
 * @throws InputError for a file that is damaged, holds no network, or has parameters that do not match its description.
 * @example
 * const net = network({ input: [4], layers: [dense(3)] });
 * const { net: same, params } = decodeNetwork(encodeNetwork(net, net.init(Key.of(0))));
 * same.apply(params, ones([2, 4])).shape; // [2, 3]
 */
export function decodeNetwork(
  bytes: Uint8Array,
  kinds: Readonly<Record<string, LayerKind>> = {},
  name = "the file",
): DecodedNetwork {
  const { [FIELD]: text, ...metadata } = decodeSafetensors(bytes, name).metadata;
  const fail = (fact: string, cause?: unknown): never => {
    throw new InputError(`[decodeNetwork] ${plain(name)} ${fact}. Give a file that encodeNetwork wrote.`, { cause });
  };
  if (text === undefined) fail("holds no network");
  const net = readNetwork(text, kinds, fail);
  const states = net.states();
  const template = treeOf(net.init(Key.of(0)), states);
  const { tree } = decode(bytes, template as Params, name) as { readonly tree: unknown };
  return { net, metadata, ...(Array.isArray(template) ? { params: tree as Params, states } : (tree as Held)) };
}

/** A file with states. */
type Held = Pick<DecodedNetwork, "params" | "states">;

function readNetwork(
  text: string,
  kinds: Readonly<Record<string, LayerKind>>,
  fail: (fact: string, cause: unknown) => never,
): Network {
  try {
    return network(JSON.parse(text) as NetworkDescription, kinds);
  } catch (cause) {
    return fail(`has a bad description of its network: ${(cause as Error).message}`, cause);
  }
}
