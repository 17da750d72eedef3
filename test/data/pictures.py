# Writes pictures.json: small PNG and JPEG files by Pillow and arrays by NumPy, with the pixels that Pillow reads back.
# /usr/bin/python3 test/data/pictures.py   (Debian: python3-pil, python3-numpy)
import base64, io, json, pathlib
import numpy as np
from PIL import Image

rng = np.random.default_rng(0)
files = {}


def keep(name, image, expect=None, **options):
    out = io.BytesIO()
    image.save(out, **options)
    if expect is None:
        read = Image.open(io.BytesIO(out.getvalue())).convert("RGBA")
        black = Image.new("RGBA", read.size, (0, 0, 0, 255))
        expect = np.asarray(Image.alpha_composite(black, read).convert("RGB"))
    files[name] = {
        "base64": base64.b64encode(out.getvalue()).decode(),
        "shape": list(expect.shape),
        "pixels": expect.reshape(-1).tolist(),
    }


rgb = rng.integers(0, 256, (5, 7, 3), dtype=np.uint8)
grey = rng.integers(0, 256, (5, 7), dtype=np.uint8)
keep("rgb.png", Image.fromarray(rgb), format="PNG")
keep("grey.png", Image.fromarray(grey), format="PNG")
keep("bits.png", Image.fromarray(grey > 127), format="PNG")
keep("rgba.png", Image.fromarray(rng.integers(0, 256, (5, 7, 4), dtype=np.uint8)), format="PNG")
keep("grey-alpha.png", Image.fromarray(np.stack([grey, grey[::-1]], 2), "LA"), format="PNG")
for colours in (2, 4, 16, 200):
    keep(f"palette-{colours}.png", Image.fromarray(rgb).quantize(colours), format="PNG", bits={2: 1, 4: 2, 16: 4, 200: 8}[colours])
keep("key.png", Image.fromarray(rgb), format="PNG", transparency=tuple(int(v) for v in rgb[2, 3]))
deep = rng.integers(0, 65536, (5, 7), dtype=np.uint16)
high = (deep >> 8).astype(np.uint8)
keep("deep.png", Image.fromarray(deep), np.stack([high] * 3, 2), format="PNG")
down, across = np.mgrid[0:16, 0:16]
smooth = np.stack([8 * down + 7 * across, 255 - 15 * across, 3 * down + 100], 2).astype(np.uint8)
keep("colour.jpg", Image.fromarray(smooth), format="JPEG", quality=95, subsampling=0)
keep("progressive.jpg", Image.fromarray(smooth), format="JPEG", quality=95, subsampling=0, progressive=True)
keep("subsampled.jpg", Image.fromarray(smooth), format="JPEG", quality=95, subsampling=2)
keep("grey.jpg", Image.fromarray(smooth[..., 0]), format="JPEG", quality=95)

reduced = Image.fromarray(smooth).resize((8, 4), Image.BOX)
out = io.BytesIO()
Image.fromarray(smooth).save(out, format="PNG")
files["smooth.png"] = {
    "base64": base64.b64encode(out.getvalue()).decode(),
    "shape": list(smooth.shape),
    "pixels": smooth.reshape(-1).tolist(),
    "box": np.asarray(reduced).reshape(-1).tolist(),
    "luma": np.asarray(Image.fromarray(smooth).convert("L")).reshape(-1).tolist(),
}

arrays = {}
images = rng.integers(0, 256, (6, 3, 4), dtype=np.uint8)
labels = np.array([0, 1, 2, 0, 1, 2])
for name, save in {"npz": np.savez, "packed.npz": np.savez_compressed}.items():
    out = io.BytesIO()
    save(out, x_train=images, y_train=labels, x_test=images[:3], y_test=labels[:3])
    arrays[name] = base64.b64encode(out.getvalue()).decode()
for name, array in {"images": images, "labels": labels, "floats": (images / 255).astype(np.float32)}.items():
    out = io.BytesIO()
    np.save(out, array)
    arrays[f"{name}.npy"] = base64.b64encode(out.getvalue()).decode()

pathlib.Path(__file__).with_suffix(".json").write_text(
    json.dumps({"pictures": files, "arrays": arrays, "images": images.reshape(-1).tolist()}) + "\n"
)
