"""A block of a YAML file against its model: every problem at its line, in our words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sim.errors import MOST_NAMES, ScenarioError, ValueAtError, expected_one_of, nearest, shown

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from sim.errors import Problem
    from sim.files.tree import Key, YamlFile

MOST_PROBLEMS = 200  # that are told of one block

ModelT = TypeVar("ModelT", bound=BaseModel)
Location = tuple[int | str, ...]


def validate(model: type[ModelT], file: YamlFile, key: Key = ()) -> ModelT:
    """Check the block at `key` against a model.

    Raises
    ------
    ScenarioError
        With every problem found, each at its line.
    """
    problems = list(file.problems)
    told = {(problem.path, problem.line) for problem in problems}
    checked = None
    try:
        checked = model.model_validate(file.at(key))
    except ValidationError as error:
        errors = error.errors()
        found = _problems(model, file, key, errors[:MOST_PROBLEMS])
        if len(errors) > MOST_PROBLEMS:
            found.append(file.problem(key, f"{len(errors) - MOST_PROBLEMS:,} more problems than are told here"))
        problems += [problem for problem in found if (problem.path, problem.line) not in told]
    if checked is None or problems:
        raise ScenarioError(problems)
    return checked


def _problems(model: type[BaseModel], file: YamlFile, prefix: Key, errors: list[ErrorDetails]) -> list[Problem]:
    problems, meant = [], set()
    misnamed = {_key(file, prefix, details) for details in errors if details["loc"][-1:] == ("[key]",)}
    for details in errors:
        if details["type"] == "extra_forbidden":
            key = _key(file, prefix, details)
            known = _known_keys(model, details["loc"][:-1])
            # a change means a key that is there already
            taken = () if key in file.origins else file.at(key[:-1])
            problems.append(file.problem(key, f"unknown key {expected_one_of(key[-1], known, taken)}"))
            near = nearest(key[-1], [name for name in known if name not in taken])
            meant.add((*key[:-1], near))
    for details in errors:
        key = _key(file, prefix, details)
        match details["type"]:
            case "extra_forbidden":
                continue
            case "union_tag_not_found" if near := nearest(_discriminator(details), file.at(key)):
                expected = f"{_discriminator(details)}, which says which kind this is"
                problems.append(file.problem((*key, near), f"unknown key {near!r} - expected {expected}"))
                continue
            case "missing" if key in meant or key[:-1] in misnamed:  # a misspelt key is not missing as well
                continue
            case "too_short" if len(file.at(key)) >= details["ctx"]["min_length"]:  # only right items were counted
                continue
        problems.append(file.problem(key, _message(model, file.at(key), details)))
    return problems


def _key(file: YamlFile, prefix: Key, details: ErrorDetails) -> Key:
    """Return where an error stands in the file.

    Pydantic's location also names the tag of a union and ``[key]``; the file has no such keys.
    """
    key = prefix
    for i, part in enumerate(details["loc"]):
        node = file.at(key)
        if isinstance(node, dict) and str(part) in node:
            key = (*key, str(part))
        elif isinstance(node, list) and isinstance(part, int):
            key = (*key, part)
        elif details["type"] == "missing" and i == len(details["loc"]) - 1:
            key = (*key, str(part))
    if details["type"] == "union_tag_invalid":
        key = (*key, _discriminator(details))
    error = details.get("ctx", {}).get("error")
    return (*key, *error.where) if isinstance(error, ValueAtError) else key


def _discriminator(details: ErrorDetails) -> str:
    return str(details["ctx"]["discriminator"]).strip("'")


def _message(model: type[BaseModel], found: Any, details: ErrorDetails) -> str:
    context = details.get("ctx", {})
    match details["type"]:
        case "missing":
            return "missing key - it is required"
        case "value_error":
            error = context["error"]
            return error.message if isinstance(error, ValueAtError) else str(error)
        case "literal_error" | "enum" | "union_tag_invalid":
            listed = str(context.get("expected") or context["expected_tags"])
            names = listed.replace("'", "").replace(" or ", ", ").split(", ")
            return expected_one_of(details["loc"][-2] if details["loc"][-1] == "[key]" else found, names)
        case "union_tag_not_found":
            return f"missing key {_discriminator(details)} - it says which kind this is"
        case "model_type":
            known = ", ".join(_known_keys(model, details["loc"])[:MOST_NAMES])
            return f"{shown(found)} - expected a block with the keys {known}"
        case "dict_type" | "model_attributes_type":
            return f"{shown(found)} - expected a block of keys"
        case "tuple_type":
            return f"{shown(found)} - expected a list"
        case "bool_type" | "bool_parsing":
            return f"{shown(found)} - expected true or false"
        case "too_short":
            return f"{shown(found)} - expected at least {context['min_length']}"
        case "too_long":
            return f"{shown(found)} - expected at most {context['max_length']}"
        case _:
            said = details["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
            return f"{shown(found)} - expected {said}"


def _known_keys(annotation: Any, location: Location) -> list[str]:
    """Return the keys known at a location of a model: what an unknown key there might have been meant to be."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not location:
            return list(annotation.model_fields)
        name = str(location[0])
        if name in annotation.model_fields:
            return _known_keys(annotation.model_fields[name].annotation, location[1:])
        # the tag of a discriminated union
        if any(name in get_args(f.annotation) for f in annotation.model_fields.values()):
            return _known_keys(annotation, location[1:])
        return []
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (dict, list, tuple) and location:
        return _known_keys(arguments[-1] if origin is dict else arguments[0], location[1:])
    for argument in arguments:
        if found := _known_keys(argument, location):
            return found
    return []
