"""check_records.py RECORDS ARTICLE: whether each line is by the schema that stands in the article.

Knows of JSON Schema what that schema uses.
"""

import json
import re
import sys

records, article = sys.argv[1:3]
with open(article, encoding="utf-8") as file:
    schema = json.loads(re.search(r"```json\n(.*?)```", file.read(), re.S).group(1))

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
USED = {"$schema", "title", "$defs", "$ref", "type", "required", "additionalProperties", "properties", "items", "enum",
        "minimum", "maximum", "pattern"}


def problems(value, by, place):
    """What of a value is not by a schema."""
    unknown = by.keys() - USED
    if unknown:
        yield f"the schema uses {unknown}"
    if "$ref" in by:
        by = schema["$defs"][by["$ref"].removeprefix("#/$defs/")]
    kind = by.get("type")
    if kind and (not isinstance(value, TYPES[kind]) or (kind == "integer" and isinstance(value, bool))):
        yield f"{place}: {value!r} is no {kind}"
        return
    if "enum" in by and value not in by["enum"]:
        yield f"{place}: {value!r} is none of {by['enum']}"
    if "minimum" in by and value < by["minimum"] or "maximum" in by and value > by["maximum"]:
        yield f"{place}: {value} is out of bounds"
    if "pattern" in by and not re.search(by["pattern"], value):
        yield f"{place}: {value!r} is not like {by['pattern']}"
    for name in by.get("required", []):
        if name not in value:
            yield f"{place}: {name} is missing"
    if isinstance(value, dict) and "properties" in by:
        for name, item in value.items():
            if name in by["properties"]:
                yield from problems(item, by["properties"][name], f"{place}.{name}")
            elif by.get("additionalProperties") is False:
                yield f"{place}: {name} is not in the schema"
    if isinstance(value, list) and "items" in by:
        for index, item in enumerate(value):
            yield from problems(item, by["items"], f"{place}[{index}]")


count = 0
found = []
with open(records, encoding="utf-8") as lines:
    for line in lines:
        count += 1
        found += problems(json.loads(line), schema, f"line {count}")
print(f"{count} lines")
for problem in found[:20]:
    print(problem)
sys.exit(1 if found else 0)
