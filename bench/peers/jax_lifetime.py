"""The lifetime in JAX on one CPU thread, jitted as a whole with lax.scan: jax_lifetime.py CHEMICALS STEPS [remat].

With "remat" the steps are computed again in the backward pass (jax.checkpoint). It answers every line on standard input with
{"ms":...,"bytes":...,"first":...}, where "first" is what the first call took, in milliseconds; see ../contender.ts.
"""
import json
import os
import resource
import sys
import time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

import jax
import jax.numpy as jnp

SIZES = [784, 170, 130, 100, 70, 47]
LAYERS = len(SIZES) - 1
QUERIES = 50
BETA = 10.0


def prepare(chemicals, steps, remat):
    keys = iter(jax.random.split(jax.random.key(0), 2 * LAYERS + 2))

    def uniform(shape, bound):
        return jax.random.uniform(next(keys), shape, minval=-bound, maxval=bound)

    shapes = list(zip(SIZES[1:], SIZES[:-1]))
    start = [uniform(shape, (6 / sum(shape)) ** 0.5) for shape in shapes]
    feedback = [uniform(shape, (6 / sum(shape)) ** 0.5) for shape in shapes]
    images = jax.random.uniform(next(keys), (steps, SIZES[0]))
    queries = jax.random.uniform(next(keys), (QUERIES, SIZES[0]))
    targets = jax.nn.one_hot(jnp.arange(steps) % 5, SIZES[-1])
    answers = jnp.arange(QUERIES) % 5
    z = (50.0 ** (-jnp.arange(chemicals) / chemicals))[:, None, None]
    y = (1 - z).at[0].set(1.0)
    rule = {
        "K": jnp.zeros((chemicals, chemicals)),
        "P": jnp.zeros((chemicals, 3)).at[:, 0].set(1e-3),
        "v": jnp.full((chemicals,), 1 / chemicals),
        "b": [jnp.zeros((chemicals, 1, 1)) for _ in shapes],
    }

    def softplus(x):
        return jax.nn.softplus(BETA * x) / BETA

    def loss(rule):
        def weights(h):
            return [jnp.tensordot(rule["v"], layer, 1) for layer in h]

        def step(carry, example):
            h, w = carry
            image, target = example
            a = [image]
            for i in range(LAYERS):
                u = w[i] @ a[i]
                a.append(softplus(u) if i < LAYERS - 1 else jax.nn.softmax(u))
            e = [None] * LAYERS + [a[LAYERS] - target]
            for i in reversed(range(LAYERS)):
                e[i] = (feedback[i].T @ e[i + 1]) * (1 - jnp.exp(-BETA * a[i]))
            after = []
            for i in range(LAYERS):
                gradient, hebb, oja = (rule["P"][:, r, None] for r in range(3))
                drive = -(gradient * e[i + 1])[:, :, None] * a[i] - (hebb * e[i + 1])[:, :, None] * e[i]
                drive += (oja * a[i + 1])[:, :, None] * (a[i] - w[i].T @ a[i + 1])
                q = jnp.tensordot(rule["K"], h[i], 1) + drive + rule["b"][i]
                after.append(y * h[i] + z * jnp.tanh(q))
            return (after, weights(after)), None

        h = [jnp.repeat(w[None], chemicals, 0) for w in start]
        body = jax.checkpoint(step) if remat else step
        (_, w), _ = jax.lax.scan(body, (h, weights(h)), (images, targets))
        a = queries
        for i in range(LAYERS):
            a = a @ w[i].T
            if i < LAYERS - 1:
                a = softplus(a)
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(a), answers[:, None], 1))

    differentiate = jax.jit(jax.value_and_grad(loss))
    return lambda: jax.block_until_ready(differentiate(rule))


def timed(run):
    begin = time.perf_counter()
    run()
    return 1e3 * (time.perf_counter() - begin)


run = prepare(int(sys.argv[1]), int(sys.argv[2]), "remat" in sys.argv[3:])
first = timed(run)
for _ in sys.stdin:
    ms = timed(run)
    held = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"ms": ms, "bytes": held, "first": first}), flush=True)
