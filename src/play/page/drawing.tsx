// A canvas that is drawn anew whenever what it shows changes, at the sharpness of the screen and with text of the page's size;
// nothing is drawn while it is not on the screen.
import { defineComponent, onBeforeUnmount, onMounted, ref, watchEffect } from "vue";

/** What is drawn. */
export interface DrawingProps {
  /** Its class, which sets its size. */
  readonly kind: string;
  /** What it shows, for those who do not see it. */
  readonly label: string;
  /** Draws it, in pixels of the page. */
  readonly draw: (context: CanvasRenderingContext2D, size: readonly [width: number, height: number]) => void;
}

/** See the head of this file. */
export const Drawing = defineComponent(
  (props: DrawingProps) => {
    const canvas = ref<HTMLCanvasElement>();
    /** Its width; 0 while it is not on the screen. */
    const width = ref(0);
    const seen = new IntersectionObserver(([{ isIntersecting, boundingClientRect }]) => {
      width.value = isIntersecting ? boundingClientRect.width : 0;
    });
    const sized = new ResizeObserver(([{ contentRect }]) => {
      if (width.value > 0) width.value = contentRect.width;
    });
    onMounted(() => {
      seen.observe(canvas.value as HTMLCanvasElement);
      sized.observe(canvas.value as HTMLCanvasElement);
    });
    onBeforeUnmount(() => {
      seen.disconnect();
      sized.disconnect();
    });
    watchEffect(
      () => {
        const context = width.value > 0 && canvas.value?.getContext("2d");
        if (!context) return;
        const { canvas: whole } = context;
        const size = [whole.clientWidth, whole.clientHeight] as const;
        const [wide, high] = size.map((length) => Math.round(length * devicePixelRatio));
        // Setting a size clears the canvas.
        Object.assign(whole, { width: wide, height: high });
        context.scale(devicePixelRatio, devicePixelRatio);
        context.font = getComputedStyle(whole).font;
        props.draw(context, size);
      },
      { flush: "post" },
    );
    return () => <canvas ref={canvas} class={props.kind} role="img" aria-label={props.label} />;
  },
  { props: ["kind", "label", "draw"] },
);
