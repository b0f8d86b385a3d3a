if __name__ == "__main__":
    print("iteration,loss")
    trained = train(RUNS[0], lambda iteration, loss: print(f"{iteration},{loss!r}"))
    for part in ("train", "val"):
        if DATA[RUNS[0]["data"]][part]["targets"]:
            print(f"# {part}: {evaluate(trained, RUNS[0], part)}")
