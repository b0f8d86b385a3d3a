//! What a fit says about its parameters, and how far it can be trusted.

use serde::Serialize;

use super::student::two_sided_95;
use super::{CurveFit, LeastSquares};
use crate::error::Error;
use crate::linalg::Qr;
use crate::linalg::vector::dot;
use crate::real::{norm, sum_of_squares};

/// The usual numbers of a nonlinear regression at a point b, taken as the solution: the model is replaced by its
/// tangent there, and the errors of the data are taken as independent and of equal variance.
///
/// ```text
/// σ² = Σ rᵢ² / (m − n),   C = σ² (JᵀJ)⁻¹ = σ² R⁻¹R⁻ᵀ,   sⱼ = √Cⱼⱼ,   bⱼ ± t sⱼ
/// ```
///
/// J = QR by Householder reflections, so `JᵀJ`, whose condition is the square, is never formed. Source: Bates & Watts, Nonlinear Regression Analysis and Its Applications (1988), section 2.3. SciPy's
/// `curve_fit` gives the same covariance, by a singular value decomposition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FitStatistics {
    /// b.
    pub parameters: Vec<f64>,
    /// Σ rᵢ², which is twice the value.
    pub rss: f64,
    /// m − n.
    pub degrees_of_freedom: usize,
    /// σ; none without degrees of freedom.
    pub residual_standard_deviation: Option<f64>,
    /// R² = 1 − Σ rᵢ² / Σ (yᵢ − ȳ)²; none where the targets do not vary.
    pub r_squared: Option<f64>,
    /// sⱼ. This and what follows is none where `reason` says why.
    pub standard_errors: Option<Vec<f64>>,
    /// Both ends of the 95 % interval of each parameter.
    pub intervals: Option<Vec<[f64; 2]>>,
    /// C, n·n row-major.
    pub covariance: Option<Vec<f64>>,
    /// The t of the intervals: that of Student's distribution, m − n degrees of freedom, 95 % on both sides.
    pub t: Option<f64>,
    /// Why there are no standard errors.
    pub reason: Option<String>,
}

/// The model along some rows, with the 95 % interval of its mean there (not of a new observation).
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// m(x; b).
    pub value: Vec<f64>,
    /// Lower end of each interval; NaN where there are no standard errors.
    pub lower: Vec<f64>,
    /// Upper end.
    pub upper: Vec<f64>,
}

/// J = QR, and σ.
struct Tangent {
    qr: Qr,
    n: usize,
    sigma: f64,
    t: f64,
}

impl CurveFit {
    /// The statistics at `b`.
    pub fn statistics(&mut self, b: &[f64]) -> FitStatistics {
        let (tangent, rss) = self.tangent(b);
        let (m, n) = (self.table.rows(), b.len());
        let mean = self.table.targets.iter().sum::<f64>() / m as f64;
        let deviations: Vec<f64> = self.table.targets.iter().map(|y| y - mean).collect();
        let total = sum_of_squares(&deviations);
        let freedom = m - n;
        let sigma = (freedom > 0).then(|| (rss / freedom as f64).sqrt());
        let mut statistics = FitStatistics {
            parameters: b.to_vec(),
            rss,
            degrees_of_freedom: freedom,
            residual_standard_deviation: sigma,
            r_squared: (total > 0.0).then(|| 1.0 - rss / total),
            standard_errors: None,
            intervals: None,
            covariance: None,
            t: None,
            reason: None,
        };
        match tangent {
            Err(reason) => statistics.reason = Some(reason),
            Ok(tangent) => {
                let covariance = tangent.covariance();
                let errors: Vec<f64> = (0..n).map(|j| covariance[j * n + j].sqrt()).collect();
                let ends = |(b, s): (&f64, &f64)| [b - tangent.t * s, b + tangent.t * s];
                statistics.intervals = Some(b.iter().zip(&errors).map(ends).collect());
                statistics.standard_errors = Some(errors);
                statistics.covariance = Some(covariance);
                statistics.t = Some(tangent.t);
            }
        }
        statistics
    }

    /// The model along rows of inputs, `[rows][columns]`, with its band: m ± t √(∇mᵀ C ∇m), ∇ by the parameters (the
    /// delta method).
    ///
    /// # Errors
    /// `inputs`: no whole rows.
    pub fn band(&mut self, b: &[f64], inputs: &[f64]) -> Result<Band, Error> {
        self.check_inputs(inputs)?;
        let tangent = self.tangent(b).0.ok();
        self.set(b);
        let columns = self.table.columns;
        let mut band = Band {
            value: Vec::new(),
            lower: Vec::new(),
            upper: Vec::new(),
        };
        for row in inputs.chunks_exact(columns) {
            self.point[..columns].copy_from_slice(row);
            let value = self.model.gradient(&self.point, &mut self.slope);
            let half = tangent.as_ref().map_or(f64::NAN, |tangent| {
                tangent.t * tangent.deviation(&self.slope[columns..])
            });
            band.value.push(value);
            band.lower.push(value - half);
            band.upper.push(value + half);
        }
        Ok(band)
    }

    /// The tangent at `b`, or why it says nothing about the parameters; and Σ rᵢ².
    fn tangent(&mut self, b: &[f64]) -> (Result<Tangent, String>, f64) {
        let (m, n) = (self.table.rows(), b.len());
        let (mut r, mut j) = (vec![0.0; m], vec![0.0; m * n]);
        LeastSquares::<f64>::jacobian(self, b, &mut r, &mut j);
        let rss = sum_of_squares(&r);
        if m == n {
            let reason = format!("{m} rows and {n} parameters leave no degree of freedom");
            return (Err(reason), rss);
        }
        if !rss.is_finite() || j.iter().any(|v| !v.is_finite()) {
            let reason = "the model or a derivative is not finite here".to_owned();
            return (Err(reason), rss);
        }
        let sigma = (rss / (m - n) as f64).sqrt();
        (Tangent::new(&j, n, sigma), rss)
    }
}

impl Tangent {
    /// Of J, m·n row-major.
    fn new(j: &[f64], n: usize, sigma: f64) -> Result<Self, String> {
        let m = j.len() / n;
        let is_idle = |column: &usize| j.iter().skip(*column).step_by(n).all(|v| *v == 0.0);
        if let Some(idle) = (0..n).find(is_idle) {
            return Err(format!("b{} has no influence on any row here", idle + 1));
        }
        let mut qr = Qr::default();
        qr.start(m, n);
        for (i, row) in j.chunks_exact(n).enumerate() {
            qr.set_row(i, row, 0.0);
        }
        qr.reduce();
        qr.solve(&mut vec![0.0; n]).map_err(|column| {
            format!(
                "the rows do not tell b{column} from the parameters before it: its column of the Jacobian depends on theirs"
            )
        })?;
        Ok(Self {
            qr,
            n,
            sigma,
            t: two_sided_95(m - n),
        })
    }

    /// C, row by row: the product of σR⁻¹ and its transpose.
    fn covariance(&self) -> Vec<f64> {
        let n = self.n;
        // σ R⁻¹, row by row: column k solves R v = σ eₖ.
        let mut root = vec![0.0; n * n];
        for k in 0..n {
            root[k * n + k] = self.sigma / self.qr.r(k, k);
            for i in (0..k).rev() {
                let rest: f64 = (i + 1..=k).map(|l| self.qr.r(i, l) * root[l * n + k]).sum();
                root[i * n + k] = -rest / self.qr.r(i, i);
            }
        }
        let row = |i: usize| &root[i * n..][..n];
        (0..n * n).map(|at| dot(row(at / n), row(at % n))).collect()
    }

    /// √(gᵀ C g) = σ ‖R⁻ᵀ g‖.
    fn deviation(&self, g: &[f64]) -> f64 {
        let mut z = g.to_vec();
        for k in 0..self.n {
            let done: f64 = (0..k).map(|l| self.qr.r(l, k) * z[l]).sum();
            z[k] = (z[k] - done) / self.qr.r(k, k);
        }
        self.sigma * norm(&z)
    }
}
