export interface Question {
  title: string;
  body: string;
  action: string;
  danger?: boolean;
}

class Confirmation {
  question = $state.raw<Question | null>(null);
  #answer: (yes: boolean) => void = () => {};

  ask(question: Question): Promise<boolean> {
    this.#answer(false);
    this.question = question;
    return new Promise((resolve) => (this.#answer = resolve));
  }

  answer(yes: boolean): void {
    this.question = null;
    this.#answer(yes);
  }
}

export const confirmation = new Confirmation();
