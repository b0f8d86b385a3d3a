//! The table of models: some with generated data, and reference problems of the NIST whose data are files.

use std::f64::consts::TAU;

use serde::Serialize;

use super::Table;
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::problem::formula::Formula;
use crate::rng::{Rng, normal};

/// One model with data of its own.
#[derive(Debug, Clone, Copy)]
pub struct Model {
    /// The name that a config uses.
    pub name: &'static str,
    /// The name that people use.
    pub title: &'static str,
    /// One sentence: what it is, and what it shows.
    pub about: &'static str,
    /// The right side of y = …, for rows of so many inputs.
    pub formula: fn(usize, &Args) -> String,
    /// Its fields, whatever the data.
    pub fields: &'static [Field],
    /// Points that a run may start from, one number a parameter; the first is the default. Where there are none, all
    /// parameters start at 0.
    pub starts: &'static [&'static [f64]],
    /// Where its own data come from.
    pub data: Data,
    /// Where it comes from.
    pub reference: &'static str,
}

/// The data that come with a model.
#[derive(Debug, Clone, Copy)]
pub enum Data {
    /// Drawn from the model itself, with normal errors.
    Generated {
        /// How the rows are laid out.
        design: Design,
        /// The parameters that the data are made with, whatever the fields: the model's with their defaults.
        truth: &'static [f64],
        /// Number of rows and size of the errors: `n` and `noise`.
        fields: &'static [Field],
    },
    /// A file that comes with the page, registered as a data set of the model's name.
    File {
        /// From the root of the site.
        file: &'static str,
        /// Number of rows.
        rows: usize,
        /// The certified answer.
        certified: Certified,
    },
}

/// How generated rows are laid out.
#[derive(Debug, Clone, Copy)]
pub enum Design {
    /// x in equal steps, both ends included; the errors are added to y.
    Interval([f64; 2]),
    /// Points (x1, x2) around part of a circle, the errors across it; every y is 0.
    Arc {
        /// Of the circle.
        centre: [f64; 2],
        /// Of the circle.
        radius: f64,
    },
}

/// What the NIST certifies, to eleven digits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Certified {
    /// b.
    pub parameters: &'static [f64],
    /// Their standard deviations.
    pub standard_deviations: &'static [f64],
    /// Σ rᵢ², not halved.
    pub rss: f64,
}

impl Model {
    /// The model of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        MODELS.iter().find(|model| model.name == name)
    }

    /// Whether the model itself is to be 0, so that a row has inputs only.
    pub fn is_implicit(&self) -> bool {
        matches!(
            self.data,
            Data::Generated {
                design: Design::Arc { .. },
                ..
            }
        )
    }

    /// Inputs of a row of its own data.
    pub fn inputs(&self) -> usize {
        if self.is_implicit() { 2 } else { 1 }
    }

    /// The fields of its own data.
    pub fn data_fields(&self) -> &'static [Field] {
        match self.data {
            Data::Generated { fields, .. } => fields,
            Data::File { .. } => &[],
        }
    }

    /// Its starts where it has `n` parameters; the first is the default.
    pub fn starts_in(&self, n: usize) -> Vec<Vec<f64>> {
        match self.starts {
            [] => vec![vec![0.0; n]],
            starts => starts.iter().map(|start| start.to_vec()).collect(),
        }
    }

    /// The certified answer, where there is one.
    pub fn certified(&self) -> Option<&Certified> {
        match &self.data {
            Data::Generated { .. } => None,
            Data::File { certified, .. } => Some(certified),
        }
    }

    /// The file of its data, where it has one.
    pub fn file(&self) -> Option<&'static str> {
        match self.data {
            Data::Generated { .. } => None,
            Data::File { file, .. } => Some(file),
        }
    }
}

impl Model {
    /// The formula for rows like those of its own data, with the defaults of its fields.
    ///
    /// # Errors
    /// None but for a fault of the table.
    pub fn with_defaults(&self) -> Result<Formula, Error> {
        let text = (self.formula)(self.inputs(), &Args::defaults(self.fields));
        super::parse(&text, self.inputs())
    }

    /// `n` rows of its own data, with errors of standard deviation `noise`: one draw a row. None where the data are a
    /// file.
    ///
    /// # Errors
    /// None but for a fault of the table.
    pub fn generate(&self, n: usize, noise: f64, rng: &mut Rng) -> Result<Option<Table>, Error> {
        let Data::Generated { design, truth, .. } = self.data else {
            return Ok(None);
        };
        let part = |i: usize| i as f64 / (n.max(2) - 1) as f64;
        let table = match design {
            Design::Interval([from, to]) => {
                let mut law = self.with_defaults()?;
                let mut point = [&[0.0], truth].concat();
                let inputs: Vec<f64> = (0..n).map(|i| from + (to - from) * part(i)).collect();
                let target = |x: &f64| {
                    point[0] = *x;
                    law.value(&point) + noise * normal(rng)
                };
                Table {
                    targets: inputs.iter().map(target).collect(),
                    columns: 1,
                    inputs,
                }
            }
            Design::Arc {
                centre: [x, y],
                radius,
            } => {
                const PART: f64 = 0.6;
                let point = |i| {
                    let (angle, distance) = (PART * TAU * part(i), radius + noise * normal(rng));
                    [
                        x + distance * libm::cos(angle),
                        y + distance * libm::sin(angle),
                    ]
                };
                Table {
                    inputs: (0..n).flat_map(point).collect(),
                    columns: 2,
                    targets: vec![0.0; n],
                }
            }
        };
        Ok(Some(table))
    }
}

const fn rows(default: u32) -> Field {
    Field::integer("n", "m", "number of rows", default, 2, 10_000)
}

const fn noise(default: f64) -> Field {
    Field::number(
        "noise",
        "σ",
        "standard deviation of the errors",
        default,
        Range::NON_NEGATIVE,
    )
}

/// Σ bⱼ xⱼ with a constant in front, b1.
fn linear(inputs: usize, _: &Args) -> String {
    let terms = (1..=inputs).map(|j| format!(" + b{}*{}", j + 1, input(j, inputs)));
    format!("b1{}", terms.collect::<String>())
}

/// The name of input `j` (from 1) of so many.
fn input(j: usize, inputs: usize) -> String {
    if inputs == 1 {
        "x".to_owned()
    } else {
        format!("x{j}")
    }
}

fn polynomial(_: usize, args: &Args) -> String {
    let degree = args.number("degree") as usize;
    let terms = (2..=degree).map(|k| format!(" + b{}*x^{k}", k + 1));
    format!("b1 + b2*x{}", terms.collect::<String>())
}

const NIST: &str =
    "NIST/ITL Statistical Reference Datasets, Nonlinear Regression, www.itl.nist.gov/div898/strd";

/// All models.
pub const MODELS: &[Model] = &[
    Model {
        name: "linear",
        title: "Linear regression",
        about: "A line, or a plane through the rows of one's own: the function is a quadratic bowl, which Newton solves in one step.",
        formula: linear,
        fields: &[],
        starts: &[],
        data: Data::Generated {
            design: Design::Interval([0.0, 10.0]),
            truth: &[2.0, 0.7],
            fields: &[rows(30), noise(0.6)],
        },
        reference: "Gauss, Theoria combinationis observationum erroribus minimis obnoxiae (1823)",
    },
    Model {
        name: "polynomial",
        title: "Polynomial",
        about: "Linear in its parameters still; with the degree the condition grows, and gradient descent slows down.",
        formula: polynomial,
        fields: &[Field::integer("degree", "d", "degree", 3, 1, 12)],
        starts: &[],
        data: Data::Generated {
            design: Design::Interval([-1.0, 2.0]),
            truth: &[0.5, -2.0, -1.0, 1.2],
            fields: &[rows(40), noise(0.3)],
        },
        reference: "Bishop, Pattern Recognition and Machine Learning (2006), section 1.1",
    },
    Model {
        name: "exponential",
        title: "Exponential decay",
        about: "Two parameters, so the whole function can be seen: a bent valley.",
        formula: |_, _| "b1*exp(-b2*x)".to_owned(),
        fields: &[],
        starts: &[&[1.0, 1.5], &[8.0, 0.1]],
        data: Data::Generated {
            design: Design::Interval([0.0, 8.0]),
            truth: &[5.0, 0.6],
            fields: &[rows(40), noise(0.15)],
        },
        reference: "Bates & Watts, Nonlinear Regression Analysis and Its Applications, Wiley (1988)",
    },
    Model {
        name: "michaelis_menten",
        title: "Michaelis–Menten",
        about: "The speed of an enzyme against the substrate; its two parameters are strongly correlated.",
        formula: |_, _| "b1*x/(b2 + x)".to_owned(),
        fields: &[],
        starts: &[&[4.0, 0.5], &[20.0, 10.0]],
        data: Data::Generated {
            design: Design::Interval([0.2, 10.0]),
            truth: &[10.0, 2.5],
            fields: &[rows(25), noise(0.25)],
        },
        reference: "Michaelis & Menten, Die Kinetik der Invertinwirkung, Biochemische Zeitschrift 49 (1913) 333–369",
    },
    Model {
        name: "logistic_growth",
        title: "Logistic growth",
        about: "Growth that saturates: capacity, rate and turning point.",
        formula: |_, _| "b1/(1 + exp(-b2*(x - b3)))".to_owned(),
        fields: &[],
        starts: &[&[5.0, 0.5, 3.0], &[15.0, 2.0, 8.0]],
        data: Data::Generated {
            design: Design::Interval([0.0, 10.0]),
            truth: &[10.0, 1.2, 5.0],
            fields: &[rows(40), noise(0.3)],
        },
        reference: "Verhulst, Notice sur la loi que la population suit dans son accroissement, Correspondance \
                    mathématique et physique 10 (1838) 113–121",
    },
    Model {
        name: "gaussian_peaks",
        title: "Two Gaussian peaks",
        about: "Height, place and width of two overlapping peaks; a bad start finds one of them twice.",
        formula: |_, _| "b1*exp(-((x - b2)/b3)^2) + b4*exp(-((x - b5)/b6)^2)".to_owned(),
        fields: &[],
        starts: &[
            &[2.0, 2.5, 1.5, 2.0, 7.0, 1.0],
            &[1.0, 4.5, 1.0, 1.0, 5.0, 1.0],
        ],
        data: Data::Generated {
            design: Design::Interval([0.0, 10.0]),
            truth: &[3.0, 3.2, 0.9, 2.0, 6.0, 1.4],
            fields: &[rows(80), noise(0.1)],
        },
        reference: "Bates & Watts, Nonlinear Regression Analysis and Its Applications, Wiley (1988)",
    },
    Model {
        name: "circle",
        title: "Circle",
        about: "Centre and radius from points around part of a circle: no y, the distance from the circle is to be 0.",
        formula: |_, _| "sqrt((x1 - b1)^2 + (x2 - b2)^2) - b3".to_owned(),
        fields: &[],
        starts: &[&[0.0, 0.0, 1.0], &[3.0, 3.0, 1.0]],
        data: Data::Generated {
            design: Design::Arc {
                centre: [1.0, 0.5],
                radius: 2.0,
            },
            truth: &[1.0, 0.5, 2.0],
            fields: &[rows(40), noise(0.1)],
        },
        reference: "Gander, Golub & Strebel, Least-squares fitting of circles and ellipses, BIT 34 (1994) 558–578",
    },
    Model {
        name: "misra1a",
        title: "NIST Misra1a",
        about: "Dental research on monomolecular adsorption: two parameters of very different size.",
        formula: |_, _| "b1*(1-exp(-b2*x))".to_owned(),
        fields: &[],
        starts: &[&[250.0, 0.0005], &[500.0, 0.0001]],
        data: Data::File {
            file: "www/data/nist/misra1a.csv",
            rows: 14,
            certified: Certified {
                parameters: &[238.942_129_18, 0.000_550_156_431_81],
                standard_deviations: &[2.707_007_524_1, 7.266_868_843_6e-06],
                rss: 0.124_551_388_94,
            },
        },
        reference: NIST,
    },
    Model {
        name: "chwirut2",
        title: "NIST Chwirut2",
        about: "Ultrasonic response against the distance of metal.",
        formula: |_, _| "exp(-b1*x)/(b2+b3*x)".to_owned(),
        fields: &[],
        starts: &[&[0.15, 0.008, 0.01], &[0.1, 0.01, 0.02]],
        data: Data::File {
            file: "www/data/nist/chwirut2.csv",
            rows: 54,
            certified: Certified {
                parameters: &[0.166_576_665_37, 0.005_165_329_128_6, 0.012_150_007_096],
                standard_deviations: &[0.038_303_286_81, 0.000_666_216_051_26, 0.001_530_423_476_7],
                rss: 513.048_029_41,
            },
        },
        reference: NIST,
    },
    Model {
        name: "danwood",
        title: "NIST DanWood",
        about: "Energy radiated by a carbon filament lamp, a power of its temperature.",
        formula: |_, _| "b1*x^b2".to_owned(),
        fields: &[],
        starts: &[&[0.7, 4.0], &[1.0, 5.0]],
        data: Data::File {
            file: "www/data/nist/danwood.csv",
            rows: 6,
            certified: Certified {
                parameters: &[0.768_862_261_76, 3.860_405_587_1],
                standard_deviations: &[0.018_281_973_86, 0.051_726_610_913],
                rss: 0.004_317_308_408_3,
            },
        },
        reference: NIST,
    },
    Model {
        name: "hahn1",
        title: "NIST Hahn1",
        about: "Thermal expansion of copper: a quotient of cubics, seven parameters over seven orders of magnitude.",
        formula: |_, _| "(b1+b2*x+b3*x^2+b4*x^3)/(1+b5*x+b6*x^2+b7*x^3)".to_owned(),
        fields: &[],
        starts: &[
            &[1.0, -0.1, 0.005, -1e-06, -0.005, 0.0001, -1e-07],
            &[10.0, -1.0, 0.05, -1e-05, -0.05, 0.001, -1e-06],
        ],
        data: Data::File {
            file: "www/data/nist/hahn1.csv",
            rows: 236,
            certified: Certified {
                parameters: &[
                    1.077_635_173_3,
                    -0.122_692_969_21,
                    0.004_086_375_061,
                    -1.426_266_251_4e-06,
                    -0.005_760_994_090_1,
                    0.000_240_537_355_03,
                    -1.231_445_019_9e-07,
                ],
                standard_deviations: &[
                    0.170_701_547_42,
                    0.012_000_289_189,
                    0.000_225_083_149_37,
                    2.757_803_766_6e-07,
                    0.000_247_128_882_19,
                    1.044_937_376_8e-05,
                    1.302_733_532_7e-08,
                ],
                rss: 1.532_438_285_4,
            },
        },
        reference: NIST,
    },
    Model {
        name: "kirby2",
        title: "NIST Kirby2",
        about: "A line width standard under the scanning electron microscope: a quotient of quadratics.",
        formula: |_, _| "(b1+b2*x+b3*x^2)/(1+b4*x+b5*x^2)".to_owned(),
        fields: &[],
        starts: &[
            &[1.5, -0.15, 0.0025, -0.0015, 2e-05],
            &[2.0, -0.1, 0.003, -0.001, 1e-05],
        ],
        data: Data::File {
            file: "www/data/nist/kirby2.csv",
            rows: 151,
            certified: Certified {
                parameters: &[
                    1.674_506_306_3,
                    -0.139_273_978_67,
                    0.002_596_118_119_1,
                    -0.001_724_181_187,
                    2.166_480_257_8e-05,
                ],
                standard_deviations: &[
                    0.087_989_634_338,
                    0.004_118_204_138_6,
                    4.185_652_045_8e-05,
                    5.893_189_735_5e-05,
                    2.012_976_191_9e-07,
                ],
                rss: 3.905_073_962_4,
            },
        },
        reference: NIST,
    },
    Model {
        name: "mgh17",
        title: "NIST MGH17",
        about: "Two exponentials and a constant; from the first start many programs fail.",
        formula: |_, _| "b1+b2*exp(-x*b4)+b3*exp(-x*b5)".to_owned(),
        fields: &[],
        starts: &[
            &[0.5, 1.5, -1.0, 0.01, 0.02],
            &[50.0, 150.0, -100.0, 1.0, 2.0],
        ],
        data: Data::File {
            file: "www/data/nist/mgh17.csv",
            rows: 33,
            certified: Certified {
                parameters: &[
                    0.375_410_052_11,
                    1.935_846_912_7,
                    -1.464_687_136_6,
                    0.012_867_534_64,
                    0.022_122_699_662,
                ],
                standard_deviations: &[
                    0.002_072_315_355_1,
                    0.220_316_692_22,
                    0.221_757_077_39,
                    0.000_448_613_581_14,
                    0.000_894_719_965_75,
                ],
                rss: 5.464_894_697_5e-05,
            },
        },
        reference: NIST,
    },
    Model {
        name: "rat43",
        title: "NIST Rat43",
        about: "Growth of an onion, a sigmoid with a power.",
        formula: |_, _| "b1/(1+exp(b2-b3*x))^(1/b4)".to_owned(),
        fields: &[],
        starts: &[&[700.0, 5.0, 0.75, 1.3], &[100.0, 10.0, 1.0, 1.0]],
        data: Data::File {
            file: "www/data/nist/rat43.csv",
            rows: 15,
            certified: Certified {
                parameters: &[
                    699.641_512_7,
                    5.277_125_302_5,
                    0.759_629_383_29,
                    1.279_248_385_9,
                ],
                standard_deviations: &[
                    16.302_297_817,
                    2.082_873_582_9,
                    0.195_661_234_51,
                    0.687_619_363_85,
                ],
                rss: 8_786.404_908,
            },
        },
        reference: NIST,
    },
    Model {
        name: "thurber",
        title: "NIST Thurber",
        about: "Electron mobility in semiconductors: a quotient of cubics.",
        formula: |_, _| "(b1+b2*x+b3*x^2+b4*x^3)/(1+b5*x+b6*x^2+b7*x^3)".to_owned(),
        fields: &[],
        starts: &[
            &[1300.0, 1500.0, 500.0, 75.0, 1.0, 0.4, 0.05],
            &[1000.0, 1000.0, 400.0, 40.0, 0.7, 0.3, 0.03],
        ],
        data: Data::File {
            file: "www/data/nist/thurber.csv",
            rows: 37,
            certified: Certified {
                parameters: &[
                    1_288.139_68,
                    1_491.079_253_5,
                    583.238_368_77,
                    75.416_644_291,
                    0.966_295_028_64,
                    0.397_972_857_97,
                    0.049_727_297_349,
                ],
                standard_deviations: &[
                    4.664_796_334_4,
                    39.571_156_086,
                    28.698_696_102,
                    5.567_537_027,
                    0.031_333_340_687,
                    0.014_984_928_198,
                    0.006_584_234_462_3,
                ],
                rss: 5_642.708_239_7,
            },
        },
        reference: NIST,
    },
    Model {
        name: "boxbod",
        title: "NIST BoxBOD",
        about: "Biochemical oxygen demand: from the first start full Gauss-Newton steps run away.",
        formula: |_, _| "b1*(1-exp(-b2*x))".to_owned(),
        fields: &[],
        starts: &[&[100.0, 0.75], &[1.0, 1.0]],
        data: Data::File {
            file: "www/data/nist/boxbod.csv",
            rows: 6,
            certified: Certified {
                parameters: &[213.809_408_89, 0.547_237_485_42],
                standard_deviations: &[12.354_515_176, 0.104_559_932_37],
                rss: 1_168.008_876_6,
            },
        },
        reference: NIST,
    },
];
