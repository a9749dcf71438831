const TEXT = "hello";

export default {
  async fetch(request) {
    return new Response(TEXT);
  },
};
