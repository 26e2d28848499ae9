/** On which line of a JSON text each of its values stands. */

/** Lines count from 1, by paths such as "rules[0].fields.lat"; nothing for what is no JSON. */
export function jsonLines(text: string): Map<string, number> {
  const walk = new Walk(text);
  return walk.whole() ? walk.lines : new Map();
}

/** The first line with something that JSON does not have there; nothing where all is well. */
export function brokenLine(text: string): number | null {
  const walk = new Walk(text);
  return walk.whole() ? null : walk.line;
}

/** Of the value at the path, or of what would hold it where it is missing. */
export function lineOf(lines: Map<string, number>, path: string): number | null {
  for (let at = path; at; at = at.slice(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['), 0))) {
    const line = lines.get(at);
    if (line !== undefined) return line;
  }
  return null;
}

/** Goes through a text and stops where it is no JSON any more. */
class Walk {
  readonly lines = new Map<string, number>();
  line = 1;
  #at = 0;

  constructor(private readonly text: string) {}

  whole(): boolean {
    this.#space();
    return this.#value('', 0) && this.#at === this.text.length;
  }

  #value(path: string, depth: number): boolean {
    if (path) this.lines.set(path, this.line);
    let fine;
    if (depth > DEEPEST) fine = false;
    else if (this.#sign('{')) fine = this.#members(path, depth + 1);
    else if (this.#sign('[')) fine = this.#elements(path, depth + 1);
    else fine = this.#take(STRING) !== '' || this.#take(PLAIN) !== '';
    this.#space();
    return fine;
  }

  #members(path: string, depth: number): boolean {
    if (this.#closed('}')) return true;
    do {
      const written = this.#take(STRING);
      this.#space();
      if (!written || !this.#sign(':')) return false;
      const name = JSON.parse(written) as string;
      if (!this.#value(path ? `${path}.${name}` : name, depth)) return false;
    } while (this.#sign(','));
    return this.#closed('}');
  }

  #elements(path: string, depth: number): boolean {
    if (this.#closed(']')) return true;
    let place = 0;
    do {
      if (!this.#value(`${path}[${place}]`, depth)) return false;
      place += 1;
    } while (this.#sign(','));
    return this.#closed(']');
  }

  /** What follows the sign is looked at next; nothing happens where it is not there. */
  #sign(sign: string): boolean {
    if (!this.#closed(sign)) return false;
    this.#space();
    return true;
  }

  #closed(sign: string): boolean {
    if (this.text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    this.line += this.#take(SPACE).split('\n').length - 1;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
}

const DEEPEST = 500;
const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const PLAIN = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
