/** On which line of a JSON text each of its values stands. */

/** Lines count from 1, by paths such as "rules[0].fields.lat"; nothing for what is no JSON. */
export function jsonLines(text: string): Map<string, number> {
  try {
    JSON.parse(text);
  } catch {
    return new Map();
  }
  const lines = new Map<string, number>();
  new Walk(text, lines).value('');
  return lines;
}

/** Of the value at the path, or of what would hold it where it is missing. */
export function lineOf(lines: Map<string, number>, path: string): number | null {
  for (let at = path; at; at = at.slice(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['), 0))) {
    const line = lines.get(at);
    if (line !== undefined) return line;
  }
  return null;
}

/** Goes through text that is known to be JSON. */
class Walk {
  #at = 0;
  #line = 1;

  constructor(
    private readonly text: string,
    private readonly lines: Map<string, number>,
  ) {}

  value(path: string): void {
    this.#space();
    if (path) this.lines.set(path, this.#line);
    const first = this.text[this.#at];
    if (first === '{') this.#members(path);
    else if (first === '[') this.#elements(path);
    else this.#take(first === '"' ? STRING : PLAIN);
    this.#space();
  }

  #members(path: string): void {
    this.#open();
    while (this.text[this.#at] !== '}') {
      const name = JSON.parse(this.#take(STRING)) as string;
      this.#space();
      this.#at += 1; // the colon
      this.value(path ? `${path}.${name}` : name);
      this.#comma();
    }
    this.#at += 1;
  }

  #elements(path: string): void {
    this.#open();
    for (let place = 0; this.text[this.#at] !== ']'; place += 1) {
      this.value(`${path}[${place}]`);
      this.#comma();
    }
    this.#at += 1;
  }

  #open(): void {
    this.#at += 1;
    this.#space();
  }

  #comma(): void {
    if (this.text[this.#at] === ',') this.#open();
  }

  #space(): void {
    this.#line += this.#take(SPACE).split('\n').length - 1;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
}

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const PLAIN = /[^,\]}\s]+/y;
