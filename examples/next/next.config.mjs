/** Has `next build` write the source maps by which reports name your files instead of its chunks. */
export default { experimental: { serverSourceMaps: true } };
