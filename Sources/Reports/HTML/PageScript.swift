/// The page's only script: it adds a filter above long lists of findings and sorting to their columns. Without it everything
/// is there to be read.
enum PageScript {
    static let text: StaticString = """

        "use strict";
        const collator = new Intl.Collator(undefined, {numeric: true});
        for (const box of document.querySelectorAll(".filter")) {
          const table = document.getElementById(box.dataset.for), rows = [...table.tBodies[0].rows], input = box.querySelector("input");
          box.hidden = false;
          let texts;
          input.addEventListener("input", () => {
            texts ??= rows.map(row => row.textContent.toLowerCase());
            const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
            let shown = 0;
            rows.forEach((row, i) => { row.hidden = !words.every(word => texts[i].includes(word)); if (!row.hidden) shown++; });
            box.querySelector("output").value = shown + " / " + rows.length;
          });
          [...table.tHead.rows[0].cells].forEach((cell, column) => {
            const button = document.createElement("button");
            button.className = "sort"; button.type = "button"; button.textContent = cell.textContent;
            cell.replaceChildren(button);
            button.addEventListener("click", () => {
              const down = cell.getAttribute("aria-sort") === "ascending";
              for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
              cell.setAttribute("aria-sort", down ? "descending" : "ascending");
              const keyed = rows.map(row => [row.cells[column].dataset.sort ?? row.cells[column].textContent, row]);
              keyed.sort((a, b) => collator.compare(a[0], b[0]) * (down ? -1 : 1));
              table.tBodies[0].append(...keyed.map(pair => pair[1]));
            });
          });
        }
        for (const kind of ["beforeprint", "afterprint"]) addEventListener(kind, () => {
          for (const part of document.querySelectorAll("details")) part.open = kind === "beforeprint";
        });

        """
}
