package main

import (
	"fmt"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/internal/config"
	"github.com/keyproof/keyproof/model"
)

// noConfig is the value of --config that looks for no file.
const noConfig = "none"

// readConfig reads the file of --config, or the one that is found upwards from
// the working directory. Without one it returns an empty configuration.
func (o *judgeOptions) readConfig() (*config.Config, error) {
	path := o.config
	if path == noConfig || path == "" && o.noSearch {
		return &config.Config{}, nil
	}
	if path == "" {
		found, err := config.Find(".")
		if err != nil {
			return nil, usageError{err}
		}
		if found == "" {
			return &config.Config{}, nil
		}
		path = found
	}
	c, err := config.Load(path)
	if err != nil {
		return nil, usageError{err}
	}
	return c, nil
}

// settings are what the evaluator needs of a configuration. --framework wins.
func (o *judgeOptions) settings(c *config.Config) evaluator.Settings {
	s := evaluator.Settings{Overrides: c.Overrides, Off: c.Off, Waivers: c.Waivers}
	for _, f := range c.Frameworks {
		s.Frameworks = append(s.Frameworks, evaluator.Choice{Name: f.Name, Origin: f.Origin})
	}
	if len(o.frameworks) > 0 {
		s.Frameworks = nil
		for _, name := range o.frameworks {
			s.Frameworks = append(s.Frameworks, evaluator.Choice{Name: name, Origin: model.Origin{Address: "--framework"}})
		}
	}
	return s
}

// configure fills in what flags do not say. The embedded account is scanned as
// it is, whatever a file says of other accounts.
func (o *accessOptions) configure(c *config.Config) {
	if o.base != nil {
		return
	}
	o.typed = o.flags()
	fill := func(flag *[]string, file []string) {
		if len(*flag) == 0 {
			*flag = file
		}
	}
	// Profiles and roles together say which accounts: a flag for either is
	// another choice than the file's.
	if len(o.profiles)+len(o.roles) == 0 {
		o.profiles, o.roles = c.Scope.Profiles, c.Scope.AssumeRoles
	}
	fill(&o.regions, c.Scope.Regions)
	fill(&o.trusted, c.Scope.TrustedAccounts)
	if o.externalID == "" && len(o.roles) > 0 {
		o.externalID = c.Scope.ExternalID
	}
}

// sayConfig names the file in use: one that was found changes what is judged.
func (sys system) sayConfig(c *config.Config) {
	if c.Path != "" {
		fmt.Fprintf(sys.stderr, "using %s\n", c.Path)
	}
}
