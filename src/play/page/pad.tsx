// A pad to draw a character on, by pointer or by keys.
import { defineComponent, onMounted, ref, shallowRef, watchEffect } from "vue";
import { LIMITS } from "../limits.js";

const SIDE = 256;
/** How far the pen goes for a key, and how far apart points of a stroke are at least. */
const [KEY_STEP, APART] = [8, 6];

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-KEY_STEP, 0],
  ArrowRight: [KEY_STEP, 0],
  ArrowUp: [0, -KEY_STEP],
  ArrowDown: [0, KEY_STEP],
};

/** See the head of this file. */
export const Pad = defineComponent(
  (_: { place: number; onDrawn: (strokes: number[][]) => void; onLeave: () => void }, { emit }) => {
    const dialog = ref<HTMLDialogElement>();
    const canvas = ref<HTMLCanvasElement>();
    const strokes = shallowRef<number[][]>([]);
    const pen = shallowRef({ x: 128, y: 128, down: false });
    const clamp = (value: number): number => Math.min(Math.max(Math.round(value), 0), SIDE - 1);
    const room = (): boolean =>
      strokes.value.reduce((sum, stroke) => sum + stroke.length / 2, 0) < LIMITS.points[1] &&
      (strokes.value.at(-1)?.length ?? 0) < 2 * 255;
    const go = (x: number, y: number, down: boolean): void => {
      const [nx, ny] = [clamp(x), clamp(y)];
      if (down && !pen.value.down && strokes.value.length < LIMITS.strokes[1] && room()) {
        strokes.value = [...strokes.value, [nx, ny]];
      } else if (down && pen.value.down && room()) {
        const stroke = strokes.value.at(-1)!;
        const [lx, ly] = stroke.slice(-2);
        if ((nx - lx) ** 2 + (ny - ly) ** 2 >= APART ** 2) {
          strokes.value = [...strokes.value.slice(0, -1), [...stroke, nx, ny]];
        }
      }
      pen.value = { x: nx, y: ny, down };
    };
    const at = (event: PointerEvent): readonly [number, number] => {
      const { left, top, width, height } = canvas.value!.getBoundingClientRect();
      return [((event.clientX - left) / width) * SIDE, ((event.clientY - top) / height) * SIDE];
    };
    const onKey = (event: KeyboardEvent): void => {
      const move = MOVES[event.key];
      if (move) go(pen.value.x + move[0], pen.value.y + move[1], pen.value.down);
      else if (event.key === " ") go(pen.value.x, pen.value.y, !pen.value.down);
      else return;
      event.preventDefault();
    };
    onMounted(() => dialog.value?.showModal());
    watchEffect(
      () => {
        const context = canvas.value?.getContext("2d");
        if (!context) return;
        context.clearRect(0, 0, SIDE, SIDE);
        const style = getComputedStyle(canvas.value!);
        context.strokeStyle = style.color;
        context.fillStyle = style.color;
        Object.assign(context, { lineWidth: 12, lineCap: "round", lineJoin: "round" });
        for (const stroke of strokes.value) {
          context.beginPath();
          context.moveTo(stroke[0], stroke[1]);
          for (let i = 0; i < stroke.length; i += 2) context.lineTo(stroke[i], stroke[i + 1]);
          context.stroke();
        }
        context.beginPath();
        context.arc(pen.value.x, pen.value.y, pen.value.down ? 6 : 3, 0, 2 * Math.PI);
        context.fill();
      },
      { flush: "post" },
    );
    return () => (
      <dialog ref={dialog} class="pad" aria-labelledby="pad-title" onClose={() => emit("leave")}>
        <h3 id="pad-title">Draw character {_.place}</h3>
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: keys draw on it, so a reader must hand them on */}
        <canvas
          ref={canvas}
          width={SIDE}
          height={SIDE}
          tabindex={0}
          role="application"
          aria-label="Drawing pad. Arrow keys move the pen, space lowers and lifts it."
          onPointerdown={(event: PointerEvent) => {
            canvas.value?.setPointerCapture(event.pointerId);
            go(...at(event), true);
          }}
          onPointermove={(event: PointerEvent) => event.buttons === 1 && go(...at(event), true)}
          onPointerup={(event: PointerEvent) => go(...at(event), false)}
          onKeydown={onKey}
        />
        <p class="note">Draw with a pointer, or with keys: arrows move the pen, space lowers and lifts it.</p>
        <div class="row">
          <button
            type="button"
            class="main"
            disabled={strokes.value.length === 0}
            onClick={() => emit("drawn", strokes.value)}
          >
            Use it
          </button>
          <button type="button" onClick={() => (strokes.value = [])}>
            Clear
          </button>
          <button type="button" onClick={() => dialog.value?.close()}>
            Leave
          </button>
        </div>
      </dialog>
    );
  },
  { props: ["place"], emits: ["drawn", "leave"] },
);
