// What the hardware allows: the works of our kernels in C++ with vectors of 128 bits and, by the compiler's flags, no
// FMA, which is what WebAssembly's SIMD has. Compiled and run by ../limit.ts.
//
//   limit lifetime CHEMICALS   50 fused chemical steps of 5 layers, forward, then backward: the kernels alone
//   limit matmul N             a square product from packed panels with a 4 x 8 tile, the packing included
//
// Every line on standard input is answered with {"ms":...,"bytes":...}: the time of the work done once more, and the
// most memory held so far.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <vector>

typedef float v4 __attribute__((vector_size(16), aligned(4)));
using Floats = std::vector<float>;

static inline v4 load(const float *p) { return *(const v4 *)p; }
static inline void store(float *p, v4 x) { *(v4 *)p = x; }
static inline v4 splat(float x) { return v4{x, x, x, x}; }
static inline float fold(v4 x) { return (x[0] + x[2]) + (x[1] + x[3]); }

static float uniform() { return 2.0f * rand() / RAND_MAX - 1; }
static Floats randoms(size_t count, float scale) {
  Floats list(count);
  for (float &x : list) x = scale * uniform();
  return list;
}

/** tanh as a quotient of polynomials. */
static inline v4 tanh4(v4 x) {
  const v4 bound = splat(7.90531110763549805f);
  x = x < bound ? x : bound;
  x = x > -bound ? x : -bound;
  v4 s = x * x;
  v4 p = s * -2.76076847742355e-16f + 2.00018790482477e-13f;
  p = s * p - 8.60467152213735e-11f;
  p = s * p + 5.12229709037114e-08f;
  p = s * p + 1.48572235717979e-05f;
  p = s * p + 6.37261928875436e-04f;
  p = s * p + 4.89352455891786e-03f;
  v4 q = s * 1.19825839466702e-06f + 1.18534705686654e-04f;
  q = s * q + 2.26843463243900e-03f;
  q = s * q + 4.89352518554385e-03f;
  return x * p / q;
}

/** A rule for L chemicals with three motifs, each number in all four lanes; also its gradient, lane by lane. */
template <int L>
struct Rule {
  v4 k[L][L], p[L][3], b[L], y[L], z[L], v[L];
};

/** One layer over a lifetime. Rows are padded to whole vectors. */
struct Layer {
  int rows, columns;
  /** The chemicals at every time. */
  std::vector<Floats> h;
  /** The weights, their cotangent, and that of the chemicals. */
  Floats w, gW, gH;
  /** Error and activation of each row, activation, error and expected activation of each column; their cotangents. */
  Floats ePost, yPost, yPre, ePre, expected, gEPost, gYPost, gYPre, gEPre, gExpected;

  size_t plane() const { return (size_t)rows * columns; }

  Layer(int chemicals, int steps, int rows, int columns) : rows(rows), columns(columns) {
    for (int t = 0; t <= steps; t++) h.push_back(randoms(chemicals * plane(), 0.1f));
    w = gH = Floats(chemicals * plane());
    gW = randoms(plane(), 0.01f);
    for (Floats *row : {&ePost, &yPost, &gEPost, &gYPost}) *row = randoms(rows, 1);
    for (Floats *column : {&yPre, &ePre, &expected, &gYPre, &gEPre, &gExpected}) *column = randoms(columns, 1);
  }
};

/** The drive of synapse j of a row: pseudo-gradient, error-driven Hebbian, Oja. */
struct Drive {
  v4 a, e, d, f[3];
  Drive(const Layer &l, v4 ePost, v4 yPost, int j) {
    a = load(&l.yPre[j]);
    e = load(&l.ePre[j]);
    d = a - load(&l.expected[j]);
    f[0] = ePost * a;
    f[1] = ePost * e;
    f[2] = yPost * d;
  }
};

/** What goes through the tanh of chemical c. */
template <int L>
static inline v4 drive(const Rule<L> &r, const Drive &drive, const v4 *h, int c) {
  v4 q = r.b[c];
  for (int m = 0; m < 3; m++) q += r.p[c][m] * drive.f[m];
  for (int m = 0; m < L; m++) q += r.k[c][m] * h[m];
  return q;
}

template <int L>
static void forward(Layer &l, int t, const Rule<L> &r) {
  const size_t plane = l.plane();
  for (int i = 0; i < l.rows; i++) {
    const v4 ePost = splat(-l.ePost[i]), yPost = splat(l.yPost[i]);
    for (int j = 0; j < l.columns; j += 4) {
      const size_t at = (size_t)i * l.columns + j;
      const Drive drives(l, ePost, yPost, j);
      const float *__restrict from = &l.h[t][at];
      float *__restrict to = &l.h[t + 1][at];
      v4 h[L], w = splat(0);
      for (int c = 0; c < L; c++) h[c] = load(from + c * plane);
      for (int c = 0; c < L; c++) {
        const v4 next = r.y[c] * h[c] + r.z[c] * tanh4(drive(r, drives, h, c));
        store(to + c * plane, next);
        w += r.v[c] * next;
      }
      store(&l.w[at], w);
    }
  }
}

template <int L>
static void backward(Layer &l, int t, const Rule<L> &r, Rule<L> &total) {
  const size_t plane = l.plane();
  const v4 one = splat(1);
  for (int i = 0; i < l.rows; i++) {
    const v4 ePost = splat(-l.ePost[i]), yPost = splat(l.yPost[i]);
    v4 gE = splat(0), gY = splat(0);
    Rule<L> sum;
    memset(&sum, 0, sizeof sum);
    for (int j = 0; j < l.columns; j += 4) {
      const size_t at = (size_t)i * l.columns + j;
      const Drive drives(l, ePost, yPost, j);
      const float *__restrict before = &l.h[t][at], *__restrict after = &l.h[t + 1][at];
      float *__restrict g = &l.gH[at];
      const v4 gW = load(&l.gW[at]);
      v4 h[L], out[L], gF[3] = {};
      for (int c = 0; c < L; c++) h[c] = load(before + c * plane);
      for (int c = 0; c < L; c++) out[c] = r.y[c] * (load(g + c * plane) + r.v[c] * gW);
      for (int c = 0; c < L; c++) {
        const v4 s = tanh4(drive(r, drives, h, c));
        const v4 gNext = load(g + c * plane) + r.v[c] * gW;
        const v4 gQ = r.z[c] * gNext * (one - s * s);
        sum.v[c] += gW * load(after + c * plane);
        sum.b[c] += gQ;
        for (int m = 0; m < 3; m++) {
          sum.p[c][m] += gQ * drives.f[m];
          gF[m] += r.p[c][m] * gQ;
        }
        for (int m = 0; m < L; m++) {
          sum.k[c][m] += gQ * h[m];
          out[m] += r.k[c][m] * gQ;
        }
      }
      for (int c = 0; c < L; c++) store(g + c * plane, out[c]);
      gE += gF[0] * drives.a + gF[1] * drives.e;
      gY += gF[2] * drives.d;
      const v4 gD = yPost * gF[2];
      store(&l.gYPre[j], load(&l.gYPre[j]) + ePost * gF[0] + gD);
      store(&l.gEPre[j], load(&l.gEPre[j]) + ePost * gF[1]);
      store(&l.gExpected[j], load(&l.gExpected[j]) - gD);
    }
    l.gEPost[i] = -fold(gE);
    l.gYPost[i] = fold(gY);
    for (size_t n = 0; n < sizeof sum / sizeof(v4); n++) ((v4 *)&total)[n] += ((v4 *)&sum)[n];
  }
}

template <int L>
static std::function<void()> lifetime() {
  const int steps = 50, sizes[] = {784, 170, 130, 100, 70, 47};
  static std::vector<Layer> layers;
  for (int i = 0; i < 5; i++) layers.emplace_back(L, steps, sizes[i + 1], (sizes[i] + 3) & ~3);
  static Rule<L> rule, total;
  for (size_t n = 0; n < sizeof rule / sizeof(v4); n++) ((v4 *)&rule)[n] = splat(0.1f * uniform());
  return [] {
    for (int t = 0; t < steps; t++)
      for (Layer &layer : layers) forward<L>(layer, t, rule);
    for (int t = steps - 1; t >= 0; t--)
      for (Layer &layer : layers) backward<L>(layer, t, rule, total);
  };
}

/** out (n, n) += four rows of a by eight columns of b, both packed in the order of reading. */
static inline void tile(float *out, const float *a, const float *b, int n, int terms, bool first) {
  v4 c[4][2];
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 2; j++) c[i][j] = first ? splat(0) : load(out + i * n + 4 * j);
  for (int k = 0; k < terms; k++, a += 4, b += 8) {
    const v4 b0 = load(b), b1 = load(b + 4);
    for (int i = 0; i < 4; i++) {
      c[i][0] += a[i] * b0;
      c[i][1] += a[i] * b1;
    }
  }
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 2; j++) store(out + i * n + 4 * j, c[i][j]);
}

/** out = a b, all (n, n), n a multiple of 8. */
static void product(float *out, const float *a, const float *b, int n, float *panels, float *left) {
  const int slice = 256;
  for (int k0 = 0; k0 < n; k0 += slice) {
    const int terms = std::min(slice, n - k0);
    float *to = panels;
    for (int j = 0; j < n; j += 8)
      for (int k = 0; k < terms; k++, to += 8) memcpy(to, b + (size_t)(k0 + k) * n + j, 32);
    for (int i = 0; i < n; i += 4) {
      for (int r = 0; r < 4; r++)
        for (int k = 0; k < terms; k++) left[4 * k + r] = a[(size_t)(i + r) * n + k0 + k];
      for (int j = 0; j < n; j += 8) tile(out + (size_t)i * n + j, left, panels + j * terms, n, terms, k0 == 0);
    }
  }
}

static std::function<void()> matmul(int n) {
  const size_t size = (size_t)n * n;
  return [n, a = randoms(size, 1), b = randoms(size, 1), out = Floats(size), panels = Floats(256 * n),
          left = Floats(4 * 256)]() mutable { product(out.data(), a.data(), b.data(), n, panels.data(), left.data()); };
}

static double timed(const std::function<void()> &run, int count) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < count; i++) run();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

int main(int, char **arguments) {
  const int size = atoi(arguments[2]);
  const bool living = !strcmp(arguments[1], "lifetime");
  const auto run = !living ? matmul(size) : size == 1 ? lifetime<1>() : size == 2 ? lifetime<2>() : lifetime<5>();
  int count = 1;
  timed(run, 1);
  while (timed(run, count) < 50) count *= 2;
  while (getchar() != EOF) {
    const double ms = timed(run, count) / count;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"ms\":%.6f,\"bytes\":%ld}\n", ms, 1024 * usage.ru_maxrss);
    fflush(stdout);
  }
}
