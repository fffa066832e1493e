import { expect, test } from "bun:test";
import { functionExtent } from "../../src/domain/function-extent.ts";

const python = `import os

def refund(card):
    return card.id

def charge(
    card,
    amount,
):
    """Charges."""
    if amount:
# a comment at the margin
        for _ in charge(card, amount - 1):
            boom()
    else:
        pass

    return card.id

class Shop:
    def pay(self):
        try:
            boom()
        except KeyError:
            raise

    def other(self):
        return 1
charge(1, 2)
`;

const pythonUses = `class Mail(Base):
    def __init__(self, to):
        if to:
            super().__init__(to)
            self.sent = Mail.__init__
        boom()

    def send(self, send=None):
        send, rest = self.split(
            boom(),
        )
        for send in rest:
            boom()
`;

const typescript = `export async function charge(card: Card): Promise<void> {
  if (card.id) {
    boom();
  } else {
    return charge(card);
  }
  items.map((item) => {
    boom(item);
  });
}

class Shop {
  #till = 1;

  pay(card) {
    return card.id;
  }

  #close() {
    boom();
  }
}

const refund = (card) => card.id;
Shop.prototype.owe = function () {
  boom();
};
`;

const c = `static int helper(void);

static int
charge(struct card *card)
{
#ifdef DEBUG
	log(card);
#endif
	if (!card)
		goto out;
	boom();
out:
	return 0;
}

int refund(
    struct card *card
)
{
    boom();
}
`;

const ruby = `module Shop
  class Till
    def charge(card)
      card.id
    rescue KeyError
      boom
    ensure
      close
    end

    def self.pay
      boom
    end
  end
end
`;

const go = `package shop

func (t *Till) Pay(card Card) error {
	go func() {
		boom()
	}()
	return nil
}

func Refund() {
	boom()
}
`;

const csharp = `namespace Shop
{
    public class Till
    {
        public void Charge(Card card)
        {
            if (card == null)
            {
                Boom();
            }
            else
            {
                Boom();
            }
        }

        public void Pay()
        {
            Boom();
        }
    }
}
`;

const rust = `impl Till {
    pub fn charge<T>(&self, card: T) -> Result<()>
    where
        T: Card,
    {
        let id = card.id();
        boom(id)
    }

    fn pay(&self) {
        boom();
    }
}
`;

const shell = `charge() {
  if [ -n "$1" ]; then
    boom
  fi
}
pay() {
  boom
}
`;

test.each<[string, string, number, string, [number, number] | null]>([
  ["python", python, 4, "refund", [3, 4]],
  ["python: a signature of several lines", python, 10, "charge", [6, 18]],
  ["python: below a comment at the margin", python, 14, "charge", [6, 18]],
  ["python: the last line", python, 18, "charge", [6, 18]],
  ["python: the signature itself", python, 7, "charge", [6, 18]],
  ["python: a method", python, 23, "Shop.pay", [21, 25]],
  ["python: a closure in a method", python, 23, "Shop.pay.<locals>.<lambda>", [21, 25]],
  ["python: a call of that name does not hold the line", python, 29, "other", null],
  ["python: module level", python, 1, "<module>", null],
  ["python: a call to the parent's", pythonUses, 4, "__init__", [2, 6]],
  ["python: below a call to the parent's", pythonUses, 5, "Mail.__init__", [2, 6]],
  ["python: a variable of the function's name", pythonUses, 10, "send", [8, 13]],
  ["python: a loop over a variable of its name", pythonUses, 13, "send", [8, 13]],
  ["typescript: the closing line", typescript, 10, "charge", [1, 10]],
  ["c#: the closing line", csharp, 20, "Pay", [17, 20]],
  ["typescript", typescript, 3, "charge", [1, 10]],
  ["typescript: below else", typescript, 5, "charge", [1, 10]],
  ["typescript: a callback of no name", typescript, 8, "<anonymous>", null],
  ["typescript: a callback within", typescript, 8, "charge/<", [1, 10]],
  ["typescript: a method", typescript, 16, "Shop.pay", [15, 17]],
  ["typescript: a method by an alias", typescript, 16, "Shop.pay [as charge]", [15, 17]],
  ["typescript: a private method", typescript, 20, "#close", [19, 21]],
  ["typescript: an arrow on one line", typescript, 24, "refund", [24, 24]],
  ["typescript: a prototype's method", typescript, 26, "Shop.owe", [25, 27]],
  ["typescript: a constructor", typescript, 13, "new Shop", [12, 22]],
  ["c: labels and preprocessor lines", c, 13, "charge", [4, 14]],
  ["c: below a preprocessor line", c, 11, "charge", [4, 14]],
  ["c: a closing bracket of its own", c, 20, "refund", [16, 21]],
  ["ruby", ruby, 4, "charge", [3, 9]],
  ["ruby: below ensure", ruby, 8, "Shop::Till#charge", [3, 9]],
  ["ruby: of the class", ruby, 12, "Till.pay", [11, 13]],
  ["go: a closure in a method", go, 5, "shop.(*Till).Pay.func1", [3, 8]],
  ["go", go, 11, "shop.Refund", [10, 12]],
  ["c#: braces on lines of their own", csharp, 13, "Shop.Till.Charge", [5, 15]],
  ["c#: the next method", csharp, 19, "Charge", null],
  ["c#", csharp, 19, "Pay", [17, 20]],
  ["rust: a where clause", rust, 7, "shop::Till::charge", [2, 8]],
  ["rust: a closure", rust, 11, "shop::Till::pay::{{closure}}", [10, 12]],
  ["shell", shell, 3, "charge", [1, 5]],
  ["shell: the next function", shell, 7, "pay", [6, 8]],
  ["no name", typescript, 3, "", null],
  ["a name that is not there", typescript, 3, "settle", null],
  ["a part of a name", typescript, 3, "char", null],
  ["a line that is not there", typescript, 400, "charge", null],
  ["a name of a regular expression", typescript, 3, "(.*)+$", null],
  ["no indentation", "function charge() {\nboom();\n}\n", 2, "charge", null],
])("%s", (_, source, line, name, extent) => {
  const found = functionExtent(source.split("\n"), line, name);
  expect(found && [found.first, found.last]).toEqual(extent);
});

test.each([
  ["hostile braces", "{ pay\n".repeat(50_000)],
  ["very many closures", "pay(x => {\n  y();\n})\n".repeat(50_000)],
])("a file of %s is looked through in no time worth mentioning", (_, source) => {
  const lines = `${source}        boom();\n${source}`.split("\n");
  const line = lines.indexOf("        boom();") + 1;
  expect(functionExtent(lines, line, "pay")).toBe(null);
});

test("a function of very many lines", () => {
  const source = ["function pay() {", ...Array(1_900).fill("  boom();"), "}", "other();"];
  expect(functionExtent(source, 1_800, "pay")).toEqual({ first: 1, last: 1_902 });
});
