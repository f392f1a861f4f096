"""Saves the small images that the tests read, and what Pillow makes of them: save_images.py FOLDER."""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

folder = Path(sys.argv[1])
random = np.random.default_rng(5)
pixels = random.integers(0, 256, (13, 10, 3), dtype=np.uint8)
smooth = np.array(Image.fromarray(pixels[:4, :3]).resize((40, 24), Image.BICUBIC))
grey = pixels[:, :, 0]
Image.fromarray(pixels).save(folder / "rgb.png")
Image.fromarray(np.dstack([pixels, grey])).save(folder / "rgba.png")
Image.fromarray(grey).save(folder / "grey8.png")
Image.fromarray((grey.astype(np.int32) * 256 + 7).astype(np.uint16)).save(folder / "grey16.png")
Image.fromarray(grey > 127).save(folder / "grey1.png")
Image.fromarray(pixels).quantize(16).save(folder / "palette.png")
Image.fromarray(smooth).save(folder / "rgb.jpg", quality=95, comment=b"x")
Image.fromarray(smooth).convert("L").save(folder / "grey.jpg", quality=95, progressive=True)
Image.fromarray(smooth).convert("CMYK").save(folder / "cmyk.jpg", quality=95)
# As some encoders leave them: nothing but the numbers of its components tells what these are.
Image.fromarray(smooth).save(folder / "unmarked.jpg", quality=95, subsampling=0)
unmarked = bytearray((folder / "unmarked.jpg").read_bytes())
del unmarked[2:20]
frame = unmarked.index(b"\xff\xc0")
scan = unmarked.index(b"\xff\xda")
for i in range(3):
    unmarked[frame + 10 + 3 * i] = i
    unmarked[scan + 5 + 2 * i] = i
(folder / "unmarked.jpg").write_bytes(unmarked)
for name in ["rgb.png", "grey8.png", "grey1.png", "palette.png", "rgb.jpg", "unmarked.jpg", "grey.jpg"]:
    image = Image.open(folder / name).convert("RGB")
    for width, height in [image.size, (6, 5), (23, 17), (4, 30)]:
        resized = np.array(image.resize((width, height), Image.BILINEAR))
        planes = resized.transpose(2, 0, 1).reshape(1, -1)
        np.save(folder / f"{name}-{width}x{height}.npy", planes)
luminance = np.array(Image.fromarray(pixels).convert("L")).reshape(1, -1)
np.save(folder / "rgb.png-luminance.npy", luminance)
