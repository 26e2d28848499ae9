/** A sentence in pieces, so that the names in it can be set in bold. */
export interface Piece {
  text: string;
  strong: boolean;
}

/** Of names that begin alike, the longest that fits is taken. */
export function emphasised(sentence: string, names: Iterable<string>): Piece[] {
  const longestFirst = [...new Set(names)].filter(Boolean).sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return [{ text: sentence, strong: false }];
  const any = longestFirst.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const word = new RegExp(`(?<![\\p{L}\\p{N}])(${any})(?![\\p{L}\\p{N}])`, 'u');
  return sentence
    .split(word)
    .map((text, index) => ({ text, strong: index % 2 === 1 }))
    .filter((piece) => piece.text);
}
