"""Descent in a notebook: the page in a frame, and the engine by itself.

Needs `anywidget`, and what `cargo xtask dist` makes, which is found in dist/ or wherever DESCENT_DIST says.
"""

import os
from pathlib import Path

import anywidget
import traitlets

DIST = Path(os.environ.get("DESCENT_DIST", Path(__file__).resolve().parents[2] / "dist"))


class Playground(anywidget.AnyWidget):
    """The whole page below a cell.

    `state` is what stands behind the `#` of a link that the page shares; the page follows when it is set. The page runs in
    a sandbox: it can neither read the notebook nor reach the network.
    """

    _esm = """
    function render({ model, el }) {
      const page = URL.createObjectURL(new Blob([model.get("page")], { type: "text/html" }));
      const frame = document.createElement("iframe");
      frame.title = "Descent";
      frame.setAttribute("sandbox", "allow-scripts");
      const size = () => {
        frame.style.cssText = `display: block; width: 100%; height: ${model.get("height")}px; border: 0`;
      };
      const show = () => {
        frame.src = `${page}#${model.get("state")}`;
      };
      model.on("change:height", size);
      model.on("change:state", show);
      size();
      show();
      el.append(frame);
      return () => URL.revokeObjectURL(page);
    }
    export default { render };
    """

    page = traitlets.Unicode().tag(sync=True)
    state = traitlets.Unicode("").tag(sync=True)
    height = traitlets.Int(760).tag(sync=True)

    @traitlets.default("page")
    def _page(self) -> str:
        return (DIST / "descent.html").read_text(encoding="utf-8")


class Run(anywidget.AnyWidget):
    """A run of `config` for `steps` iterations, in the browser, with its record handed back to Python.

    Where it is shown, it trains, says the last loss, and sets `losses`, `parameters` and `digest`, or `fault` if the config
    is refused. It trains again whenever `config` or `steps` is set.
    """

    _esm = """
    async function render({ model, el }) {
      const said = document.createElement("output");
      el.append(said);
      const script = URL.createObjectURL(new Blob([model.get("script")], { type: "text/javascript" }));
      const { initSync, Session } = await import(script);
      URL.revokeObjectURL(script);
      const { buffer, byteOffset, byteLength } = model.get("engine");
      initSync({ module: new Uint8Array(buffer, byteOffset, byteLength) });
      function train() {
        let fault = "";
        try {
          const session = new Session(model.get("config"));
          const { iteration, loss, status } = session.train_step(model.get("steps"));
          model.set("losses", [...session.history().loss]);
          model.set("parameters", [...session.parameters()]);
          model.set("digest", String(session.digest()));
          said.textContent = `after ${iteration} iterations the loss is ${loss} (${status})`;
          session.free();
        } catch (error) {
          fault = error instanceof Error ? error.message : String(error);
          said.textContent = fault;
        }
        model.set("fault", fault);
        model.save_changes();
      }
      model.on("change:config", train);
      model.on("change:steps", train);
      train();
    }
    export default { render };
    """

    script = traitlets.Unicode().tag(sync=True)
    engine = traitlets.Bytes().tag(sync=True)
    config = traitlets.Dict().tag(sync=True)
    steps = traitlets.Int(100).tag(sync=True)
    losses = traitlets.List(traitlets.Float()).tag(sync=True)
    parameters = traitlets.List(traitlets.Float()).tag(sync=True)
    digest = traitlets.Unicode("").tag(sync=True)
    fault = traitlets.Unicode("").tag(sync=True)

    @traitlets.default("script")
    def _script(self) -> str:
        return (DIST / "npm" / "descent.js").read_text(encoding="utf-8")

    @traitlets.default("engine")
    def _engine(self) -> bytes:
        return (DIST / "npm" / "descent_bg.wasm").read_bytes()
