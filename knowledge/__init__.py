"""The knowledge base: articles, contacts, regions, sums; loading, checking and searching them."""
