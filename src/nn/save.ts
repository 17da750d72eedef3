// A network in one file: its parameters as a safetensors file, and its description in the file's metadata.

import { InputError, Key } from "../core/index.js";
import { decode, decodeSafetensors, encode } from "../io/index.js";
import type { LayerKind } from "./layer.js";
import { type Network, type NetworkDescription, network, type Params } from "./network.js";

const FIELD = "network";

/** What `decodeNetwork` gives. */
export interface DecodedNetwork {
  /** The network. */
  readonly net: Network;
  /** Its parameters. */
  readonly params: Params;
  /** What was given to `encodeNetwork` besides. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The bytes of a safetensors file with the parameters and the description of a network, and any text besides.
 *
 * @throws RangeError for a text called "network", whose place is taken.
 */
export function encodeNetwork(
  net: Network,
  params: Params,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  if (Object.hasOwn(metadata, FIELD)) {
    throw new RangeError(`[encodeNetwork] "${FIELD}" is where the description goes. Give the text another name.`);
  }
  return encode(params, { ...metadata, [FIELD]: JSON.stringify(net.description) });
}

/**
 * The network that `encodeNetwork` wrote.
 *
 * @param kinds records for kinds of layers of one's own, as `network` takes them.
 * @param name what errors call the file.
 * @throws InputError for a file that is damaged or holds no network, or other parameters than its description says.
 */
export function decodeNetwork(
  bytes: Uint8Array,
  kinds: Readonly<Record<string, LayerKind>> = {},
  name = "the file",
): DecodedNetwork {
  const { [FIELD]: text, ...metadata } = decodeSafetensors(bytes, name).metadata;
  const fail = (fact: string, cause?: unknown): never => {
    throw new InputError(`[decodeNetwork] ${name} ${fact}. Give a file that encodeNetwork wrote.`, { cause });
  };
  if (text === undefined) fail("holds no network");
  const net = readNetwork(text, kinds, fail);
  return { net, params: decode(bytes, net.init(Key.of(0)), name).tree, metadata };
}

function readNetwork(
  text: string,
  kinds: Readonly<Record<string, LayerKind>>,
  fail: (fact: string, cause: unknown) => never,
): Network {
  try {
    return network(JSON.parse(text) as NetworkDescription, kinds);
  } catch (cause) {
    return fail(`describes its network as ${(cause as Error).message}`, cause);
  }
}
