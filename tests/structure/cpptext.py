# SPDX-License-Identifier: MIT
"""Just enough reading of C++ for the structure test: text without comments and literals, and where functions begin and end.

A heuristic on purpose. It need not understand every program, only the style of this one, and it errs towards silence."""

import bisect
import re

_RAW = re.compile(r'(?:u8|[uUL])?R"([^()\\\s]{0,16})\(')
_TYPES = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")


def stripped(text):
    """The text with comments, literals and preprocessor lines blanked; every character keeps its line and column."""
    out = list(text)

    def blank(start, end):
        for i in range(start, min(end, len(out))):
            if out[i] != "\n":
                out[i] = " "

    i, size = 0, len(text)
    while i < size:
        two = text[i:i + 2]
        if two == "//":
            end = text.find("\n", i)
            end = size if end < 0 else end
        elif two == "/*":
            end = text.find("*/", i + 2)
            end = size if end < 0 else end + 2
        elif text[i] == '"':
            raw = _raw_prefix(text, i)
            if raw is not None:
                end = text.find(")" + raw + '"', i)
                end = size if end < 0 else end + len(raw) + 2
            else:
                end = _literal_end(text, i, '"')
        elif text[i] == "'" and not (i and (text[i - 1].isalnum() and text[i + 1:i + 2].isalnum()
                                            and text[i - 1] not in "uUL")):
            end = _literal_end(text, i, "'")
        else:
            i += 1
            continue
        blank(i, end)
        i = max(end, i + 1)
    return _without_preprocessor("".join(out))


def _raw_prefix(text, quote):
    for start in range(max(0, quote - 3), quote):
        match = _RAW.match(text, start)
        if match and text[start:quote + 1].endswith('R"') and not (start and (text[start - 1].isalnum() or text[start - 1] == "_")):
            return match.group(1)
    return None


def _literal_end(text, start, quote):
    i = start + 1
    while i < len(text) and text[i] != quote and text[i] != "\n":
        i += 2 if text[i] == "\\" else 1
    return i + 1


def _without_preprocessor(text):
    lines, out, continued = text.split("\n"), [], False
    for line in lines:
        directive = continued or line.lstrip().startswith("#")
        continued = directive and line.rstrip().endswith("\\")
        out.append(" " * len(line) if directive else line)
    return "\n".join(out)


def functions(code):
    """(first line, line count) of every function outside another one, from its opening to its closing brace. `code` is stripped."""
    starts = [0] + [m.end() for m in re.finditer("\n", code)]

    def line_of(position):
        return bisect.bisect_right(starts, position)

    found, statement, i = [], "", 0
    while i < len(code):
        c = code[i]
        if c == "{":
            kind = _kind(statement)
            if statement.count("(") > statement.count(")"):
                i = _matching(code, i)  # inside an argument list: a default or a temporary
            elif kind == "scope":
                statement = ""
            else:
                end = _matching(code, i)
                after = code[end + 1:].lstrip()[:1]
                if after == "," or (kind == "function" and after == "{"):
                    statement += "()"  # a braced member initializer: the body is still to come
                else:
                    if kind == "function":
                        found.append((line_of(i), line_of(end) - line_of(i) + 1))
                    statement = ""
                i = end
        elif c in ";}":
            statement = ""
        else:
            statement += c
        i += 1
    return found


def _kind(statement):
    """What the brace behind `statement` opens: a scope to look into, a function, or anything else (an initializer)."""
    flat = _without_parentheses(re.sub(r"template\s*<[^{}]*?>\s*(?=\w|\[)", "", statement))
    if "(" not in statement and (_TYPES.search(flat) or not statement.strip()):
        return "scope"
    types = list(_TYPES.finditer(flat))
    if types and "()" not in flat[types[-1].end():]:  # a macro's call may stand before the type
        return "scope"
    if "()" not in flat:
        return "value"
    assigned = re.search(r"(?<!operator)(?<![=!<>+\-*/|&^])=(?![=])", re.sub(r"operator\s*\S+?\(\)", "", flat))
    if assigned and not re.search(r"\]\s*(\(\))?[^,]*$", flat):
        return "value"
    return "function"


def _without_parentheses(text):
    depth, out = 0, []
    for c in text:
        if c == "(":
            depth += 1
            if depth == 1:
                out.append("(")
        elif c == ")":
            depth -= 1
            if depth == 0:
                out.append(")")
        elif depth == 0:
            out.append(c)
    return "".join(out)


def _matching(code, opening):
    depth = 0
    for i in range(opening, len(code)):
        if code[i] == "{":
            depth += 1
        elif code[i] == "}":
            depth -= 1
            if depth == 0:
                return i
    return len(code) - 1
