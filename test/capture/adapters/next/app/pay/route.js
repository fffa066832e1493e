export async function POST(request) {
  const { order, card } = await request.json();
  throw new RangeError(`cannot pay ${order} by ${card.kind}`);
}
