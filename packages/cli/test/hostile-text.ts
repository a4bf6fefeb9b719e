/** What a model or a name might hold to break out of a page, a table, a figure or a line. */
export const hostileText = [
  "</td></script><script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' & &amp; | a | b |",
  "```js `x` **bold** _it_ # no ![i](http://e.example/x.png) [l](javascript:alert(1))",
  "]]> <!-- --> $x^2$ @user https://example.com www.example.com",
  "\u202egnorw\u0000\u001b[31m\ud800"
].join(" ")
