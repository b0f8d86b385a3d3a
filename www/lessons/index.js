/** The lessons in the order of the lecture. A new one is a file beside this one and a line here. */

import adam from "./adam.js";
import basicRecipe from "./basic_recipe.js";
import bfgs from "./bfgs.js";
import convergence from "./convergence.js";
import crossValidation from "./cross_validation.js";
import gaussNewton from "./gauss_newton.js";
import gradientDescent from "./gradient_descent.js";
import hyperparameters from "./hyperparameters.js";
import jacobianHessian from "./jacobian_hessian.js";
import learningCurves from "./learning_curves.js";
import learningRate from "./learning_rate.js";
import levenberg from "./levenberg.js";
import levenbergMarquardt from "./levenberg_marquardt.js";
import linearSystems from "./linear_systems.js";
import lrDecay from "./lr_decay.js";
import lrImplications from "./lr_implications.js";
import momentum from "./momentum.js";
import newton from "./newton.js";
import newtonRegression from "./newton_regression.js";
import overUnderfitting from "./over_underfitting.js";
import rmsprop from "./rmsprop.js";
import search from "./search.js";
import trainValTest from "./train_val_test.js";
import trainingSchedule from "./training_schedule.js";
import whichMethod from "./which_method.js";

/** @type {readonly import("./lesson.js").Lesson[]} */
export const LESSONS = [
  gradientDescent,
  momentum,
  rmsprop,
  adam,
  convergence,
  learningRate,
  jacobianHessian,
  newton,
  newtonRegression,
  bfgs,
  gaussNewton,
  levenberg,
  levenbergMarquardt,
  whichMethod,
  linearSystems,
  lrDecay,
  trainingSchedule,
  lrImplications,
  trainValTest,
  learningCurves,
  overUnderfitting,
  hyperparameters,
  search,
  crossValidation,
  basicRecipe,
];
