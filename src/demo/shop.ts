/** The demo's shop: its files, its history, the program that fails. */

/** Somebody who commits to the demo's repository. */
export type Author = { name: string; email: string };

/** One commit of the demo's history. */
export type Commit = {
  author: Author;
  message: string;
  daysAgo: number;
  /** Path to the file's new content. */
  files: Record<string, string>;
};

const ada = { name: "Ada Lovelace", email: "ada@example.com" };
const grace = { name: "Grace Hopper", email: "grace@example.com" };
const margaret = { name: "Margaret Hamilton", email: "margaret@example.com" };
const barbara = { name: "Barbara Liskov", email: "barbara@example.com" };

const cart = `import { discountFor } from "./discount.js";

/** What a cart costs, in cents. */
export function priceOf(cart) {
  const sum = cart.items.reduce((sum, item) => sum + item.price * item.quantity, 0);
  return sum - discountFor(cart.customer, sum);
}
`;

const firstDiscount = `/** The discount that a customer gets, in cents. */
export function discountFor(customer, sum) {
  return 0;
}
`;

const memberDiscount = `/** The discount that a customer gets, in cents. */
export function discountFor(customer, sum) {
  const percent = customer.membership.percent;
  return Math.round((sum * percent) / 100);
}
`;

const shipping = `const tariffs = { DE: { parcel: 490 }, FR: { parcel: 590 } };

/** What shipping to a country costs, in cents. */
export function shippingTo(country) {
  const tariff = tariffs[country];
  return tariff.parcel;
}
`;

const stock = `const stock = new Map([["book", 1]]);

/** Takes an item out of the stock. */
export function take(item) {
  if (!stock.has(item)) missing(item);
  return stock.get(item);
}

function missing(item) {
  throw new RangeError(\`no \${item} in stock\`);
}
`;

const shop = `import { flush, init, wrapFunction } from "flawless/capture";
import { priceOf } from "./src/cart.js";
import { shippingTo } from "./src/shipping.js";
import { take } from "./src/stock.js";

init();

const checkout = wrapFunction(function checkout(order) {
  for (const { name } of order.cart.items) take(name);
  return priceOf(order.cart) + shippingTo(order.country);
});

const member = { name: "Alan", membership: { percent: 10 } };
const guest = { name: "Kurt", password: "incompleteness" };
const cartOf = (customer, name) => ({ customer, items: [{ name, price: 1999, quantity: 2 }] });

const orders = [
  ...Array.from({ length: 1000 }, () => ({ cart: cartOf(guest, "book"), country: "DE" })),
  ...Array.from({ length: 4 }, () => ({ cart: cartOf(member, "book"), country: "AT" })),
  { cart: cartOf(member, "lamp"), country: "FR" },
];
let failed = 0;
for (const order of orders) {
  try {
    checkout(order);
  } catch {
    failed++;
  }
}
await flush(10_000);
console.log(failed);
`;

const licence = "// Copyright the shop. All rights reserved.\n// See LICENSE.\n\n";

/** The program that fails, by its path in the repository. */
export const program = "shop.js";

/**
 * A small shop's history: the newest commit touched every file, and is to blame for nothing.
 */
export const history: Commit[] = [
  {
    author: ada,
    message: "Sell books",
    daysAgo: 90,
    files: {
      ".gitignore": "node_modules/\n",
      "package.json": `${JSON.stringify({ name: "shop", type: "module", private: true }, null, 2)}\n`,
      [program]: shop,
      "src/cart.js": cart,
      "src/discount.js": firstDiscount,
      "src/stock.js": stock,
    },
  },
  {
    author: margaret,
    message: "Ship to France",
    daysAgo: 41,
    files: { "src/shipping.js": shipping },
  },
  {
    author: grace,
    message: "Give members a discount",
    daysAgo: 12,
    files: { "src/discount.js": memberDiscount },
  },
  {
    author: barbara,
    message: "Put the licence on top of every file",
    daysAgo: 1,
    files: {
      "src/cart.js": licence + cart,
      "src/discount.js": licence + memberDiscount,
      "src/shipping.js": licence + shipping,
      "src/stock.js": licence + stock,
    },
  },
];
