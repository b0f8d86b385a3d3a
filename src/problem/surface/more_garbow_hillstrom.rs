//! Test functions of Moré, Garbow and Hillstrom: sums of squares, with their standard starts.

use super::entries::{Entry, Minima, Size, Start, sum, texts, variable};

/// All but those of the other table (1, Rosenbrock; 5, Beale), and those whose data are a problem of the NIST.
pub(super) const MORE_GARBOW_HILLSTROM: &[Entry] = &[
    Entry {
        residuals: Some(|_| {
            texts(&[
                "-13 + x + ((5 - y)*y - 2)*y",
                "-29 + x + ((y + 1)*y - 14)*y",
            ])
        }),
        minima: Minima::Points(&[&[5.0, 4.0]], 0.0),
        start: Start::Cycle(&[0.5, -2.0]),
        view: Some([-6.0, 16.0, -3.0, 6.0]),
        ..entry(
            "freudenstein_roth",
            "Freudenstein–Roth",
            "A minimum of 0 at (5, 4), and one of 48.98 at (11.41, −0.90), where nearly all runs from the start end.",
            "Moré, Garbow & Hillstrom (MGH), ACM TOMS 7 (1981) 17–41, problem 2",
        )
    },
    Entry {
        residuals: Some(|_| texts(&["10^4*x*y - 1", "exp(-x) + exp(-y) - 1.0001"])),
        minima: Minima::Points(&[&[1.098_159_329_699_817_5e-5, 9.106_146_739_866_524]], 0.0),
        start: Start::Cycle(&[0.0, 1.0]),
        view: Some([-0.5, 1.0, -1.0, 10.0]),
        ..entry(
            "powell_badly_scaled",
            "Powell, badly scaled",
            "Along the bottom of a gorge one coordinate is a million times the other.",
            "MGH, problem 3",
        )
    },
    Entry {
        residuals: Some(|_| texts(&["x - 10^6", "y - 0.000002", "x*y - 2"])),
        minima: Minima::Points(&[&[1e6, 2e-6]], 0.0),
        start: Start::Cycle(&[1.0, 1.0]),
        ..entry(
            "brown_badly_scaled",
            "Brown, badly scaled",
            "From (1, 1) to (10⁶, 2·10⁻⁶): no single learning rate suits both.",
            "MGH, problem 4",
        )
    },
    Entry {
        residuals: Some(|_| {
            let row = |i| format!("{} - (exp({i}*x) + exp({i}*y))", 2 + 2 * i);
            (1..=10).map(row).collect()
        }),
        latex: Some(r"\sum_{i=1}^{10} \left[ 2 + 2 i - \left(e^{i x} + e^{i y}\right) \right]^2"),
        minima: Minima::Points(
            &[&[0.257_825_213_670_364_1, 0.257_825_213_670_364_1]],
            124.362_182_355_614_85,
        ),
        start: Start::Cycle(&[0.3, 0.4]),
        view: Some([-0.2, 0.5, -0.2, 0.5]),
        ..entry(
            "jennrich_sampson",
            "Jennrich–Sampson",
            "Residuals that do not vanish: what Gauss-Newton leaves out of the Hessian matters.",
            "MGH, problem 6",
        )
    },
    Entry {
        residuals: Some(|_| {
            texts(&[
                "10*(x3 - 10*(atan(x2/x1)/(2*pi) + (1 - sign(x1))/4))",
                "10*(sqrt(x1^2 + x2^2) - 1)",
                "x3",
            ])
        }),
        latex: Some(
            r"100 \left(x_3 - 10 \theta\right)^2 + 100 \left(\sqrt{x_1^2 + x_2^2} - 1\right)^2 + x_3^2,\quad \theta = \tfrac{1}{2 \pi} \arctan\tfrac{x_2}{x_1} + \tfrac{1}{2} \left[x_1 < 0\right]",
        ),
        size: Size::exactly(3),
        minima: Minima::Points(&[&[1.0, 0.0, 0.0]], 0.0),
        start: Start::Cycle(&[-1.0, 0.0, 0.0]),
        view: Some([-1.5, 1.5, -1.5, 1.5]),
        ..entry(
            "helical_valley",
            "Helical valley",
            "A valley that winds around the third axis, from behind it to the front.",
            "MGH, problem 7 (Fletcher & Powell 1963)",
        )
    },
    Entry {
        residuals: Some(bard),
        latex: Some(
            r"\sum_{i=1}^{15} \left[ y_i - \left(x_1 + \frac{u_i}{v_i x_2 + w_i x_3}\right) \right]^2,\quad u_i = i,\ v_i = 16 - i,\ w_i = \min(u_i, v_i)",
        ),
        size: Size::exactly(3),
        minima: Minima::Points(
            &[&[
                0.082_410_559_749_788_93,
                1.133_036_092_029_721_6,
                2.343_695_178_642_537,
            ]],
            0.008_214_877_306_578_975,
        ),
        start: Start::Cycle(&[1.0]),
        ..entry(
            "bard",
            "Bard",
            "A rational curve fitted to fifteen points.",
            "MGH, problem 8",
        )
    },
    Entry {
        residuals: Some(gaussian),
        latex: Some(
            r"\sum_{i=1}^{15} \left[ x_1 \exp\left(-\tfrac{1}{2} x_2 \left(t_i - x_3\right)^2\right) - y_i \right]^2,\quad t_i = \tfrac{1}{2} (8 - i)",
        ),
        size: Size::exactly(3),
        minima: Minima::Points(
            &[&[0.398_956_137_838_756_66, 1.000_019_084_487_805_6, 0.0]],
            1.127_932_769_618_648e-8,
        ),
        start: Start::Cycle(&[0.4, 1.0, 0.0]),
        ..entry(
            "gaussian",
            "Gaussian",
            "A bell fitted to the normal density, from close by: the last digits are what is hard.",
            "MGH, problem 9",
        )
    },
    Entry {
        residuals: Some(meyer),
        latex: Some(
            r"\sum_{i=1}^{16} \left[ x_1 \exp\frac{x_2}{t_i + x_3} - y_i \right]^2,\quad t_i = 45 + 5 i",
        ),
        size: Size::exactly(3),
        minima: Minima::Points(
            &[&[
                0.005_609_636_471_028_053,
                6_181.346_346_286_372,
                345.223_634_624_136_5,
            ]],
            87.945_855_170_851_12,
        ),
        start: Start::Cycle(&[0.02, 4000.0, 250.0]),
        ..entry(
            "meyer",
            "Meyer",
            "The resistance of a thermistor: three parameters over six orders of magnitude, almost dependent.",
            "MGH, problem 10 (the NIST's MGH10 in other units)",
        )
    },
    Entry {
        residuals: Some(|_| {
            let row = |i| {
                let t = f64::from(i) / 10.0;
                format!("exp(-{t}*x1) - exp(-{t}*x2) - x3*(exp(-{t}) - exp(-{i}))")
            };
            (1..=10).map(row).collect()
        }),
        latex: Some(
            r"\sum_{i=1}^{10} \left[ e^{-t_i x_1} - e^{-t_i x_2} - x_3 \left(e^{-t_i} - e^{-10 t_i}\right) \right]^2,\quad t_i = \tfrac{i}{10}",
        ),
        size: Size::exactly(3),
        minima: Minima::Points(&[&[1.0, 10.0, 1.0], &[10.0, 1.0, -1.0]], 0.0),
        start: Start::Cycle(&[0.0, 10.0, 20.0]),
        ..entry(
            "box_3d",
            "Box, three-dimensional",
            "Two exponentials that can change places; a whole line x₁ = x₂, x₃ = 0 is as good.",
            "MGH, problem 12",
        )
    },
    Entry {
        residuals: Some(|n| {
            let four = |k: usize| {
                let [a, b, c, d] = [1, 2, 3, 4].map(|i| variable(4 * k + i, n));
                [
                    format!("{a} + 10*{b}"),
                    format!("sqrt(5)*({c} - {d})"),
                    format!("({b} - 2*{c})^2"),
                    format!("sqrt(10)*({a} - {d})^2"),
                ]
            };
            (0..n / 4).flat_map(four).collect()
        }),
        latex: Some(
            r"\sum_{k=0}^{n/4-1} \left[ \left(x_{4k+1} + 10 x_{4k+2}\right)^2 + 5 \left(x_{4k+3} - x_{4k+4}\right)^2 + \left(x_{4k+2} - 2 x_{4k+3}\right)^4 + 10 \left(x_{4k+1} - x_{4k+4}\right)^4 \right]",
        ),
        size: Size {
            least: 4,
            default: 4,
            most: 48,
            multiple: 4,
        },
        minima: Minima::Diagonal {
            coordinate: 0.0,
            value: 0.0,
        },
        start: Start::Cycle(&[3.0, -1.0, 0.0, 1.0]),
        ..entry(
            "powell_singular",
            "Powell, singular",
            "The Hessian at the minimum is singular, and Newton's steps halve the distance only.",
            "MGH, problems 13 and 22",
        )
    },
    Entry {
        residuals: Some(|_| {
            texts(&[
                "10*(x2 - x1^2)",
                "1 - x1",
                "sqrt(90)*(x4 - x3^2)",
                "1 - x3",
                "sqrt(10)*(x2 + x4 - 2)",
                "(x2 - x4)/sqrt(10)",
            ])
        }),
        latex: Some(
            r"100 \left(x_2 - x_1^2\right)^2 + \left(1 - x_1\right)^2 + 90 \left(x_4 - x_3^2\right)^2 + \left(1 - x_3\right)^2 + 10 \left(x_2 + x_4 - 2\right)^2 + \tfrac{1}{10} \left(x_2 - x_4\right)^2",
        ),
        size: Size::exactly(4),
        minima: Minima::Points(&[&[1.0; 4]], 0.0),
        start: Start::Cycle(&[-3.0, -1.0]),
        ..entry(
            "wood",
            "Wood",
            "Two valleys of Rosenbrock's kind, tied together, with a saddle on the way.",
            "MGH, problem 14",
        )
    },
    Entry {
        residuals: Some(kowalik_osborne),
        latex: Some(
            r"\sum_{i=1}^{11} \left[ y_i - \frac{x_1 \left(u_i^2 + u_i x_2\right)}{u_i^2 + u_i x_3 + x_4} \right]^2",
        ),
        size: Size::exactly(4),
        minima: Minima::Points(
            &[&[
                0.192_806_934_579_037_86,
                0.191_282_328_734_366_96,
                0.123_056_506_926_320_66,
                0.136_062_330_683_794_84,
            ]],
            0.000_307_505_603_849_237_45,
        ),
        start: Start::Cycle(&[0.25, 0.39, 0.415, 0.39]),
        ..entry(
            "kowalik_osborne",
            "Kowalik–Osborne",
            "The speed of an enzyme, a quotient of quadratics.",
            "MGH, problem 15",
        )
    },
    Entry {
        residuals: Some(|_| {
            let row = |i| {
                let t = format!("({i}/5)");
                format!("(x1 + {t}*x2 - exp{t})^2 + (x3 + x4*sin{t} - cos{t})^2")
            };
            (1..=20).map(row).collect()
        }),
        latex: Some(
            r"\sum_{i=1}^{20} \left[ \left(x_1 + t_i x_2 - e^{t_i}\right)^2 + \left(x_3 + x_4 \sin t_i - \cos t_i\right)^2 \right]^2,\quad t_i = \tfrac{i}{5}",
        ),
        size: Size::exactly(4),
        minima: Minima::Points(
            &[&[
                -11.594_439_904_762_165,
                13.203_630_051_207_204,
                -0.403_439_488_176_859_54,
                0.236_778_774_455_736_3,
            ]],
            85_822.201_626_356_34,
        ),
        start: Start::Cycle(&[25.0, 5.0, -5.0, -1.0]),
        ..entry(
            "brown_dennis",
            "Brown–Dennis",
            "Large residuals: Gauss-Newton's model of the function is a poor one here.",
            "MGH, problem 16",
        )
    },
    Entry {
        residuals: Some(|_| {
            let row = |i| {
                let t = f64::from(i) / 10.0;
                let y = format!(
                    "(exp(-{t}) - 5*exp(-{i}) + 3*exp(-{}))",
                    f64::from(4 * i) / 10.0
                );
                format!("x3*exp(-{t}*x1) - x4*exp(-{t}*x2) + x6*exp(-{t}*x5) - {y}")
            };
            (1..=13).map(row).collect()
        }),
        latex: Some(
            r"\sum_{i=1}^{13} \left[ x_3 e^{-t_i x_1} - x_4 e^{-t_i x_2} + x_6 e^{-t_i x_5} - \left(e^{-t_i} - 5 e^{-10 t_i} + 3 e^{-4 t_i}\right) \right]^2,\quad t_i = \tfrac{i}{10}",
        ),
        size: Size::exactly(6),
        minima: Minima::Points(
            &[
                &[1.0, 10.0, 1.0, 5.0, 4.0, 3.0],
                &[4.0, 10.0, 3.0, 5.0, 1.0, 1.0],
            ],
            0.0,
        ),
        start: Start::Cycle(&[1.0, 2.0, 1.0, 1.0, 1.0, 1.0]),
        ..entry(
            "biggs_exp6",
            "Biggs EXP6",
            "Three exponentials; some methods find all, others end at 0.005656 with two of them equal.",
            "MGH, problem 18",
        )
    },
    Entry {
        residuals: Some(watson),
        latex: Some(
            r"\sum_{i=1}^{29} \left[ \sum_{j=2}^{n} (j - 1) x_j t_i^{j-2} - \left(\sum_{j=1}^{n} x_j t_i^{j-1}\right)^2 - 1 \right]^2 + x_1^2 + \left(x_2 - x_1^2 - 1\right)^2,\quad t_i = \tfrac{i}{29}",
        ),
        size: Size::exactly(6),
        minima: Minima::Points(
            &[&[
                -0.015_725_086_401_458_456,
                1.012_434_869_369_109_9,
                -0.232_991_625_956_737_7,
                1.260_430_087_799_608_4,
                -1.513_728_922_722_279_7,
                0.992_996_432_431_134_6,
            ]],
            0.002_287_670_053_552_436_3,
        ),
        start: Start::Cycle(&[0.0]),
        ..entry(
            "watson",
            "Watson",
            "A polynomial that solves a differential equation; its coefficients are almost dependent.",
            "MGH, problem 20",
        )
    },
    Entry {
        residuals: Some(|n| {
            let pair = |k: usize| {
                let (x, y) = (variable(2 * k + 1, n), variable(2 * k + 2, n));
                [format!("10*({y} - {x}^2)"), format!("1 - {x}")]
            };
            (0..n / 2).flat_map(pair).collect()
        }),
        latex: Some(
            r"\sum_{k=1}^{n/2} \left[ 100 \left(x_{2k} - x_{2k-1}^2\right)^2 + \left(1 - x_{2k-1}\right)^2 \right]",
        ),
        size: Size {
            least: 2,
            default: 10,
            most: 50,
            multiple: 2,
        },
        minima: Minima::Diagonal {
            coordinate: 1.0,
            value: 0.0,
        },
        start: Start::Cycle(&[-1.2, 1.0]),
        view: Some([-2.0, 2.0, -1.0, 3.0]),
        ..entry(
            "extended_rosenbrock",
            "Rosenbrock, extended",
            "Pairs of variables, each a valley of its own: what a method costs when n grows.",
            "MGH, problem 21",
        )
    },
    Entry {
        residuals: Some(|n| {
            let squares = sum(n, |j| format!("{}^2", variable(j, n)));
            let mut rows: Vec<String> = (1..=n)
                .map(|j| format!("sqrt(0.00001)*({} - 1)", variable(j, n)))
                .collect();
            rows.push(format!("{squares} - 0.25"));
            rows
        }),
        latex: Some(
            r"10^{-5} \sum_{j=1}^{n} \left(x_j - 1\right)^2 + \left(\sum_{j=1}^{n} x_j^2 - \tfrac{1}{4}\right)^2",
        ),
        size: Size::upto(4, 50),
        minima: Minima::Points(&[&[0.250_007_499_587_537_9; 4]], 2.249_977_500_899_937e-5),
        start: Start::Each(|j, _| j as f64),
        ..entry(
            "penalty_1",
            "Penalty I",
            "A sphere, held by a weight 10⁵ times that of what is to be least on it.",
            "MGH, problem 23",
        )
    },
    Entry {
        residuals: Some(penalty_2),
        latex: Some(
            r"\left(x_1 - \tfrac{1}{5}\right)^2 + 10^{-5} \sum_{i=2}^{n} \left[ e^{x_i/10} + e^{x_{i-1}/10} - y_i \right]^2 + 10^{-5} \sum_{i=2}^{n} \left[ e^{x_i/10} - e^{-1/10} \right]^2 + \left(\sum_{j=1}^{n} (n - j + 1) x_j^2 - 1\right)^2",
        ),
        size: Size::upto(4, 30),
        minima: Minima::Points(
            &[&[
                0.199_999_333_350_380_4,
                0.191_316_700_992_772_45,
                0.480_101_485_332_623_15,
                0.518_845_404_390_200_5,
            ]],
            9.376_293_007_355_442e-6,
        ),
        start: Start::Cycle(&[0.5]),
        ..entry(
            "penalty_2",
            "Penalty II",
            "The same on an ellipsoid, with exponentials: the last digits come slowly.",
            "MGH, problem 24",
        )
    },
    Entry {
        residuals: Some(|n| {
            let total = sum(n, |j| format!("{j}*({} - 1)", variable(j, n)));
            let mut rows: Vec<String> =
                (1..=n).map(|j| format!("{} - 1", variable(j, n))).collect();
            rows.extend([total.clone(), format!("({total})^2")]);
            rows
        }),
        latex: Some(
            r"\sum_{j=1}^{n} \left(x_j - 1\right)^2 + s^2 + s^4,\quad s = \sum_{j=1}^{n} j \left(x_j - 1\right)",
        ),
        size: Size::upto(10, 50),
        minima: Minima::Diagonal {
            coordinate: 1.0,
            value: 0.0,
        },
        start: Start::Each(|j, n| 1.0 - j as f64 / n as f64),
        ..entry(
            "variably_dimensioned",
            "Variably dimensioned",
            "One steep direction among n: the fourth power of a sum.",
            "MGH, problem 25",
        )
    },
    Entry {
        residuals: Some(|n| {
            let cosines = sum(n, |j| format!("cos({})", variable(j, n)));
            let row = |i| {
                let x = variable(i, n);
                format!("{n} - ({cosines}) + {i}*(1 - cos({x})) - sin({x})")
            };
            (1..=n).map(row).collect()
        }),
        latex: Some(
            r"\sum_{i=1}^{n} \left[ n - \sum_{j=1}^{n} \cos x_j + i \left(1 - \cos x_i\right) - \sin x_i \right]^2",
        ),
        size: Size::upto(10, 20),
        minima: Minima::Diagonal {
            coordinate: 0.0,
            value: 0.0,
        },
        start: Start::Each(|_, n| 1.0 / n as f64),
        ..entry(
            "trigonometric",
            "Trigonometric",
            "A minimum of 0, and many others: with n = 10 one of 0.0000279506 lies nearest to the start.",
            "MGH, problem 26",
        )
    },
    Entry {
        residuals: Some(|n| {
            let total = sum(n, |j| variable(j, n));
            let mut rows: Vec<String> = (1..n)
                .map(|i| format!("{} + ({total}) - {}", variable(i, n), n + 1))
                .collect();
            let factors: Vec<String> = (1..=n).map(|j| variable(j, n)).collect();
            rows.push(format!("{} - 1", factors.join("*")));
            rows
        }),
        latex: Some(
            r"\sum_{i=1}^{n-1} \left[ x_i + \sum_{j=1}^{n} x_j - (n + 1) \right]^2 + \left(\prod_{j=1}^{n} x_j - 1\right)^2",
        ),
        size: Size::upto(10, 30),
        minima: Minima::Diagonal {
            coordinate: 1.0,
            value: 0.0,
        },
        start: Start::Cycle(&[0.5]),
        ..entry(
            "brown_almost_linear",
            "Brown, almost linear",
            "All but one residual is linear; a minimum of 1 lies at (0, …, 0, n + 1).",
            "MGH, problem 27",
        )
    },
    Entry {
        residuals: Some(|n| {
            let row = |i: usize| {
                let x = variable(i, n);
                let others = neighbours(i, n, ["", ""]);
                format!("2*{x}{others} + ({x} + {i}/{0} + 1)^3/(2*{0}^2)", n + 1)
            };
            (1..=n).map(row).collect()
        }),
        latex: Some(
            r"\sum_{i=1}^{n} \left[ 2 x_i - x_{i-1} - x_{i+1} + \tfrac{1}{2} h^2 \left(x_i + i h + 1\right)^3 \right]^2,\quad h = \tfrac{1}{n+1}",
        ),
        size: Size::upto(10, 50),
        minima: Minima::Points(
            &[&[
                -0.043_164_982_518_764_87,
                -0.081_577_156_535_386_89,
                -0.114_485_714_380_529_29,
                -0.140_973_576_862_596_68,
                -0.159_908_696_181_983_1,
                -0.169_877_202_312_774_92,
                -0.169_089_983_781_208_35,
                -0.155_249_535_221_831_82,
                -0.125_355_891_678_935,
                -0.075_416_533_685_892_09,
            ]],
            0.0,
        ),
        start: Start::Each(|j, n| {
            let t = j as f64 / (n + 1) as f64;
            t * (t - 1.0)
        }),
        ..entry(
            "discrete_boundary_value",
            "Discrete boundary value",
            "A differential equation on a grid, each residual with its two neighbours.",
            "MGH, problem 28",
        )
    },
    Entry {
        residuals: Some(|n| {
            let row = |i: usize| {
                let x = variable(i, n);
                format!("(3 - 2*{x})*{x}{} + 1", neighbours(i, n, ["", "2*"]))
            };
            (1..=n).map(row).collect()
        }),
        latex: Some(
            r"\sum_{i=1}^{n} \left[ \left(3 - 2 x_i\right) x_i - x_{i-1} - 2 x_{i+1} + 1 \right]^2",
        ),
        size: Size::upto(10, 50),
        minima: Minima::Points(
            &[&[
                -0.570_722_132_011_224_8,
                -0.681_806_949_984_275,
                -0.702_210_076_017_660_1,
                -0.705_510_629_895_080_4,
                -0.704_906_155_728_743_7,
                -0.701_496_607_029_851_2,
                -0.691_889_322_354_798_3,
                -0.665_796_514_405_853_6,
                -0.596_035_109_026_365_7,
                -0.416_412_257_528_693_4,
            ]],
            0.0,
        ),
        start: Start::Cycle(&[-1.0]),
        ..entry(
            "broyden_tridiagonal",
            "Broyden, tridiagonal",
            "Nonlinear equations in a chain.",
            "MGH, problem 30",
        )
    },
    Entry {
        residuals: Some(|n| {
            let row = |i: usize| {
                let others = (i.saturating_sub(5).max(1)..=(i + 1).min(n)).filter(|j| *j != i);
                let others: Vec<String> = others
                    .map(|j| format!("{0}*(1 + {0})", variable(j, n)))
                    .collect();
                format!(
                    "{0}*(2 + 5*{0}^2) + 1 - ({1})",
                    variable(i, n),
                    others.join(" + ")
                )
            };
            (1..=n).map(row).collect()
        }),
        latex: Some(
            r"\sum_{i=1}^{n} \left[ x_i \left(2 + 5 x_i^2\right) + 1 - \sum_{j \in J_i} x_j \left(1 + x_j\right) \right]^2,\quad J_i = \left\{j \neq i : i - 5 \le j \le i + 1\right\}",
        ),
        size: Size::upto(10, 40),
        minima: Minima::Points(
            &[&[
                -0.428_302_863_587_250_3,
                -0.476_596_424_356_290_24,
                -0.519_652_463_646_861_7,
                -0.558_099_324_832_181,
                -0.592_506_156_829_457_4,
                -0.624_503_682_199_468,
                -0.623_239_471_440_591_1,
                -0.621_393_841_796_573_5,
                -0.620_453_596_659_087_4,
                -0.586_469_270_720_435_1,
            ]],
            0.0,
        ),
        start: Start::Cycle(&[-1.0]),
        ..entry(
            "broyden_banded",
            "Broyden, banded",
            "Nonlinear equations, each with up to six neighbours.",
            "MGH, problem 31",
        )
    },
];

/// What the table leaves out, to be filled in.
const fn entry(
    name: &'static str,
    title: &'static str,
    about: &'static str,
    reference: &'static str,
) -> Entry {
    Entry {
        name,
        title,
        about,
        formula: None,
        residuals: None,
        latex: None,
        size: Size::PLANE,
        fields: &[],
        minima: Minima::None,
        start: Start::Cycle(&[1.0]),
        view: None,
        reference,
    }
}

/// − b xᵢ₋₁ − a xᵢ₊₁ for the factors [b, a] as texts; there is nothing before the first and behind the last.
fn neighbours(i: usize, n: usize, [before, after]: [&str; 2]) -> String {
    let term = |factor: &str, j: usize| format!(" - {factor}{}", variable(j, n));
    let before = (i > 1).then(|| term(before, i - 1));
    let after = (i < n).then(|| term(after, i + 1));
    before.into_iter().chain(after).collect()
}

fn bard(_: usize) -> Vec<String> {
    const Y: [f64; 15] = [
        0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.1, 4.39,
    ];
    let row = |(i, y): (usize, f64)| {
        let (u, v) = (i + 1, 15 - i);
        format!("{y} - (x1 + {u}/({v}*x2 + {}*x3))", u.min(v))
    };
    Y.into_iter().enumerate().map(row).collect()
}

fn gaussian(_: usize) -> Vec<String> {
    const Y: [f64; 8] = [0.0009, 0.0044, 0.0175, 0.054, 0.1295, 0.242, 0.3521, 0.3989];
    let row = |i: usize| {
        let (t, y) = ((7.0 - i as f64) / 2.0, Y[i.min(14 - i)]);
        format!("x1*exp(-x2*({t} - x3)^2/2) - {y}")
    };
    (0..15).map(row).collect()
}

fn meyer(_: usize) -> Vec<String> {
    const Y: [u32; 16] = [
        34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820,
        3307, 2872,
    ];
    let row = |(i, y): (usize, u32)| format!("x1*exp(x2/({} + x3)) - {y}", 50 + 5 * i);
    Y.into_iter().enumerate().map(row).collect()
}

fn kowalik_osborne(_: usize) -> Vec<String> {
    const Y: [f64; 11] = [
        0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246,
    ];
    const U: [f64; 11] = [
        4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625,
    ];
    let row = |(y, u): (f64, f64)| format!("{y} - x1*({u}^2 + {u}*x2)/({u}^2 + {u}*x3 + x4)");
    Y.into_iter().zip(U).map(row).collect()
}

fn watson(n: usize) -> Vec<String> {
    let power = |i: usize, k: usize| match k {
        0 => String::new(),
        1 => format!("*({i}/29)"),
        _ => format!("*({i}/29)^{k}"),
    };
    let row = |i: usize| {
        let slope = sum(n - 1, |j| {
            format!("{j}*{}{}", variable(j + 1, n), power(i, j - 1))
        });
        let value = sum(n, |j| format!("{}{}", variable(j, n), power(i, j - 1)));
        format!("{slope} - ({value})^2 - 1")
    };
    let last = texts(&["x1", "x2 - x1^2 - 1"]);
    (1..=29).map(row).chain(last).collect()
}

fn penalty_2(n: usize) -> Vec<String> {
    let x = |i: usize| variable(i, n);
    let pairs = (2..=n).map(|i| {
        let y = format!("(exp({i}/10) + exp({}/10))", i - 1);
        format!(
            "sqrt(0.00001)*(exp({}/10) + exp({}/10) - {y})",
            x(i),
            x(i - 1)
        )
    });
    let single = (2..=n).map(|i| format!("sqrt(0.00001)*(exp({}/10) - exp(-1/10))", x(i)));
    let total = sum(n, |j| format!("{}*{}^2", n - j + 1, x(j)));
    let ends = [format!("{} - 0.2", x(1)), format!("{total} - 1")];
    ends.into_iter().chain(pairs).chain(single).collect()
}
