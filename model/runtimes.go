package model

import "time"

// runtimes are the dates at which AWS deprecates the runtimes of Lambda: from
// then on they get no security updates. Source: Lambda Developer Guide, "Lambda
// runtimes", tables "Supported runtimes" and "Deprecated runtimes", as of
// September 2026. AWS moves dates of the future at times, always to later ones.
func runtimes() map[string]string {
	return map[string]string{
		"nodejs24.x":      "2028-04-30",
		"nodejs22.x":      "2027-04-30",
		"nodejs20.x":      "2026-04-30",
		"nodejs18.x":      "2025-09-01",
		"nodejs16.x":      "2024-06-12",
		"nodejs14.x":      "2023-12-04",
		"nodejs12.x":      "2023-03-31",
		"nodejs10.x":      "2021-07-30",
		"nodejs8.10":      "2020-03-06",
		"nodejs6.10":      "2019-08-12",
		"python3.14":      "2029-06-30",
		"python3.13":      "2029-06-30",
		"python3.12":      "2028-10-31",
		"python3.11":      "2027-06-30",
		"python3.10":      "2026-10-31",
		"python3.9":       "2025-12-15",
		"python3.8":       "2024-10-14",
		"python3.7":       "2023-12-04",
		"python3.6":       "2022-07-18",
		"python2.7":       "2021-07-15",
		"java25":          "2029-06-30",
		"java21":          "2029-06-30",
		"java17.al2023":   "2029-06-30",
		"java11.al2023":   "2029-06-30",
		"java8.al2023":    "2029-06-30",
		"java17":          "2027-06-30",
		"java11":          "2027-06-30",
		"java8.al2":       "2027-06-30",
		"java8":           "2024-01-08",
		"dotnet10":        "2028-11-14",
		"dotnet8":         "2026-11-10",
		"dotnet6":         "2024-12-20",
		"dotnetcore3.1":   "2023-04-03",
		"dotnetcore2.1":   "2022-01-05",
		"ruby4.0":         "2029-03-31",
		"ruby3.4":         "2028-03-31",
		"ruby3.3":         "2027-03-31",
		"ruby3.2":         "2026-03-31",
		"ruby2.7":         "2023-12-07",
		"ruby2.5":         "2021-07-30",
		"go1.x":           "2024-01-08",
		"provided.al2023": "2029-06-30",
		"provided.al2":    "2026-07-31",
		"provided":        "2024-01-08",
	}
}

// runtimeEnd is when the support of a runtime ends. A runtime that is not in
// the table is newer than it: nobody can say.
func runtimeEnd(runtime Value[string]) Value[time.Time] {
	name, known := runtime.Get()
	switch {
	case runtime.State() == StateAbsent:
		return None[time.Time]()
	case !known:
		return Missing[time.Time](runtime.Why())
	}
	end, err := time.Parse(time.DateOnly, runtimes()[name])
	if err != nil {
		return Missing[time.Time](Unknown{
			Reason: ReasonNotCollected, Detail: "keyproof does not know the runtime " + name + ": a newer version may",
		})
	}
	return Known(end)
}
