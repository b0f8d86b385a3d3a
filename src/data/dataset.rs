//! Rows of inputs with their targets.

/// What is learned: a class, or numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Which of some classes a row belongs to.
    Classification,
    /// One or more real numbers a row.
    Regression,
}

impl Task {
    /// The word in a config: `classification` or `regression`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Classification => "classification",
            Self::Regression => "regression",
        }
    }
}

/// What the rows are to be mapped to.
#[derive(Debug, Clone, PartialEq)]
pub enum Targets {
    /// One class a row.
    Classes {
        /// The class of each row, an index into `names`.
        labels: Vec<u32>,
        /// What the classes are called.
        names: Vec<String>,
    },
    /// One or more numbers a row.
    Values {
        /// `[rows][outputs]`, row-major.
        values: Vec<f64>,
        /// Numbers a row.
        outputs: usize,
    },
}

/// Rows of inputs with their targets, in the data's own units.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// The name in a config, such as `iris`.
    pub name: String,
    /// What the columns of `inputs` are called.
    pub features: Vec<String>,
    /// What is learned, as the data call it.
    pub target: String,
    /// `[rows][features]`, row-major, all finite.
    pub inputs: Vec<f64>,
    /// What each row is to be mapped to.
    pub targets: Targets,
}

impl Dataset {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        match &self.targets {
            Targets::Classes { labels, .. } => labels.len(),
            Targets::Values { values, outputs } => values.len() / (*outputs).max(1),
        }
    }

    /// What is learned.
    pub fn task(&self) -> Task {
        match self.targets {
            Targets::Classes { .. } => Task::Classification,
            Targets::Values { .. } => Task::Regression,
        }
    }

    /// Number of classes, or of numbers a row.
    pub fn outputs(&self) -> usize {
        match &self.targets {
            Targets::Classes { names, .. } => names.len(),
            Targets::Values { outputs, .. } => *outputs,
        }
    }

    /// The class of each row, if the rows have classes.
    pub fn labels(&self) -> Option<&[u32]> {
        match &self.targets {
            Targets::Classes { labels, .. } => Some(labels),
            Targets::Values { .. } => None,
        }
    }
}
