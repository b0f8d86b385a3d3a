//! The JavaScript API of loss landscapes: a plane of a network's parameters, where paths run in it, and f over it.

use js_sys::{Float64Array, Reflect};
use wasm_bindgen::prelude::*;

use super::bindings::{Session, grid, object, rectangle};
use super::read;
use crate::error::Error;
use crate::train::landscape::Plane;

#[wasm_bindgen]
extern "C" {
    /// `LandscapePlane` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "LandscapePlane")]
    pub type JsPlane;
    /// `LandscapeShadow` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "LandscapeShadow")]
    pub type JsShadow;
}

#[wasm_bindgen]
impl Session {
    /// The plane θ = origin + a·u + b·v through the current parameters: along the principal directions of `points`, whole
    /// points one after the other, about them; without any along directions of chance, normalised filter by filter.
    pub fn landscape_plane(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Float64Array")] points: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] seed: &JsValue,
    ) -> Result<JsPlane, JsError> {
        let points = read::numbers(points, "points")?;
        let seed = read::whole(seed, "seed", 0.0, 9_007_199_254_740_991.0)? as u64;
        let plane = self.0.landscape_plane(&points, seed)?;
        let vector = |v: &[f64]| Float64Array::from(v).into();
        Ok(object([
            ("origin", vector(&plane.origin)),
            ("u", vector(&plane.u)),
            ("v", vector(&plane.v)),
            ("reach", plane.reach.into()),
        ])
        .unchecked_into())
    }

    /// f on all training data over a plane: [to − from][nx], rows `from` to `to` of `ny` over `view` = [a0, a1, b0, b1].
    #[allow(clippy::too_many_arguments)]
    pub fn landscape_values(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "LandscapePlane")] plane: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "Float64Array | number[]")] view: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] nx: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] ny: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] from: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] to: &JsValue,
    ) -> Result<Float64Array, JsError> {
        let row = |js, path| read::whole(js, path, 0.0, 2000.0).map(|n| n as usize);
        let rows = row(from, "from")?..row(to, "to")?;
        let plane = plane_of(plane)?;
        let size = grid(nx, ny)?;
        let values = (self.0).landscape_values(&plane, rectangle(view)?, size, rows)?;
        Ok(Float64Array::from(values.as_slice()))
    }
}

/// The same of a run of this config, for a worker that has no session of it.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments)]
pub fn landscape_values(
    #[wasm_bindgen(unchecked_param_type = "SessionConfig")] config: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "LandscapePlane")] plane: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Float64Array | number[]")] view: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] nx: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] ny: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] from: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] to: &JsValue,
) -> Result<Float64Array, JsError> {
    Session::new(config)?.landscape_values(plane, view, nx, ny, from, to)
}

/// Where in a plane each of `points` is nearest, how far it is off, and how much of all of them the plane hides.
#[wasm_bindgen]
pub fn landscape_shadow(
    #[wasm_bindgen(unchecked_param_type = "LandscapePlane")] plane: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Float64Array")] points: &JsValue,
) -> Result<JsShadow, JsError> {
    let plane = plane_of(plane)?;
    let points = read::numbers(points, "points")?;
    let n = plane.origin.len();
    if n == 0 || !points.len().is_multiple_of(n) {
        let what = format!("must be whole points, of {n} numbers each");
        return Err(Error::new("points", what).into());
    }
    let shadow = plane.shadow(&points);
    Ok(object([
        (
            "points",
            Float64Array::from(shadow.points.as_slice()).into(),
        ),
        ("off", Float64Array::from(shadow.off.as_slice()).into()),
        ("hidden", shadow.hidden.into()),
    ])
    .unchecked_into())
}

/// # Errors
/// `plane.origin`, `plane.u`, `plane.v`: no numbers, or not as many as the others.
fn plane_of(js: &JsValue) -> Result<Plane, Error> {
    let vector = |key: &str| {
        let path = format!("plane.{key}");
        let value =
            Reflect::get(js, &key.into()).map_err(|_| Error::new(&*path, "cannot be read"))?;
        read::numbers(&value, &path)
    };
    let (origin, u, v) = (vector("origin")?, vector("u")?, vector("v")?);
    if u.len() != origin.len() || v.len() != origin.len() {
        let what = "origin, u and v must have as many numbers as each other";
        return Err(Error::new("plane", what));
    }
    Ok(Plane {
        origin,
        u,
        v,
        reach: 0.0,
    })
}
