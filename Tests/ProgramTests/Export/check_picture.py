"""check_picture.py PICTURE: whether an SVG is well formed, stands in its own bounds, and no two of its texts overlap.

A letter is taken to be 7.3 pixels wide and 12 high, as the picture itself does.
"""

import sys
import xml.etree.ElementTree

root = xml.etree.ElementTree.parse(sys.argv[1]).getroot()
width, height = float(root.get("width")), float(root.get("height"))
boxes = []
problems = []
for text in root.iter("{http://www.w3.org/2000/svg}text"):
    size = len(text.text) * 7.3
    style = (text.get("class") or "").split()
    x, y = float(text.get("x")), float(text.get("y"))
    left = x - size if "end" in style or "time" in style else x - size / 2 if "middle" in style else x
    box = (left, y - 10, left + size, y + 2, text.text)
    if box[0] < 0 or box[1] < 0 or box[2] > width or box[3] > height:
        problems.append(f"'{text.text}' stands at {box[:4]} of {width} x {height}")
    boxes.append(box)
boxes.sort(key=lambda box: box[1])
for index, box in enumerate(boxes):
    for other in boxes[index + 1:]:
        if other[1] >= box[3]:
            break
        if other[0] < box[2] and box[0] < other[2]:
            problems.append(f"'{box[4]}' and '{other[4]}' overlap")
print(f"{len(boxes)} texts")
for problem in problems[:20]:
    print(problem)
sys.exit(1 if problems or not boxes else 0)
