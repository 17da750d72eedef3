// A network in a file: it comes back whole, and nothing else passes for one.
import { describe, expect, it } from "vitest";
import { InputError, Key, random } from "../../src/index.js";
import { encode } from "../../src/io/index.js";
import {
  activation,
  conv2d,
  decodeNetwork,
  dense,
  encodeNetwork,
  flatten,
  type LayerKind,
  network,
} from "../../src/nn/index.js";
import { bitsOf } from "../laws/oracle.js";

const net = network({ input: [5, 5, 1], layers: [conv2d(2, 3), activation("relu"), flatten(), dense(3)] });
const params = net.init(Key.of(1));
const x = random.uniform(Key.of(2), [4, 5, 5, 1]);

describe("a file of a network", () => {
  it("restores the network, its parameters to the bit, and the metadata", () => {
    const back = decodeNetwork(encodeNetwork(net, params, { trained: "yes" }));
    expect(back.net.description).toEqual(net.description);
    expect(back.metadata).toEqual({ trained: "yes" });
    expect(bitsOf([back.net.apply(back.params, x)])).toEqual(bitsOf([net.apply(params, x)]));
  });

  it("needs the records of user-defined kinds, and names one that is missing", () => {
    const half: LayerKind = { options: [], shape: (_, input) => input, apply: (_layer, _params, x) => x.mul(0.5) };
    const own = network({ input: [2], layers: [{ kind: "half" }] }, { half });
    const file = encodeNetwork(own, own.init(Key.of(0)));
    expect(decodeNetwork(file, { half }).net.output).toEqual([2]);
    expect(() => decodeNetwork(file)).toThrow('is of the kind "half", which does not exist');
  });

  it("is refused if it holds no network, holds the parameters of another one, or is damaged", () => {
    const refused = (bytes: Uint8Array, text: string) => {
      expect(() => decodeNetwork(bytes, {}, "net.safetensors")).toThrow(InputError);
      expect(() => decodeNetwork(bytes, {}, "net.safetensors")).toThrow(text);
    };
    const file = encodeNetwork(net, params);
    refused(encode(params), "net.safetensors holds no network");
    refused(encode(params, { network: "{" }), "[decodeNetwork] net.safetensors has a bad description of its network");
    refused(encode(params, { network: "{}" }), "[decodeNetwork] net.safetensors has a bad description of its network");
    const other = network({ input: [5, 5, 1], layers: [flatten(), dense(3)] });
    refused(encode(params, { network: JSON.stringify(other.description) }), "net.safetensors");
    refused(file.slice(0, 100), "net.safetensors");
    expect(() => encodeNetwork(net, params, { network: "mine" })).toThrow(
      'the name "network" is taken by the description',
    );
  });
});
