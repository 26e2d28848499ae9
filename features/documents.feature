Feature: Documents
  A car, a meter, a watch: each says things in a form of its own. What comes in such a form is kept
  as a document. The account's mappings say what the documents of a source mean: then they become
  observations like any others. What a mapping does not understand waits until it does.

  Background:
    Given Ana carries a phone and allows documents and location and battery

  Rule: A mapping makes observations of documents

    Scenario: A car says how full its battery is
      Given the mapping that reads the car's charge
      When Ana's phone forwards the car's charge of 80 %
      Then Ana's phone is known to have 80 % battery
      And 1 document of Ana's phone is kept

    Scenario: One document holds a whole drive
      Given the mapping that reads the car's drives
      When Ana's phone forwards a drive of the car:
        | when           | where     |
        | 20 minutes ago | at Home   |
        | 10 minutes ago | at School |
      Then 2 locations of Ana's phone are kept
      And Ana's phone is known to have been at School 10 minutes ago

    Scenario: A source without a mapping
      Given the mapping that reads the car's charge
      When Ana's phone forwards the scooter's charge of 80 %
      Then 1 document of Ana's phone is kept
      But no battery level of Ana's phone is kept
      And quarantine is empty

    Scenario: What a mapping leaves alone
      Given the mapping that reads the car's charge and leaves songs alone
      When Ana's phone forwards a song that the car played
      Then 1 document of Ana's phone is kept
      And quarantine is empty

    Scenario: A delivery that comes twice
      Given the mapping that reads the car's charge
      When Ana's phone forwards the car's charge of 80 %
      And Ana's phone sends the same delivery again
      Then the delivery is acknowledged as a duplicate
      And 1 battery level of Ana's phone is kept

  Rule: Rules judge what documents become

    Scenario: The car is nearly empty
      Given the mapping that reads the car's charge
      And the rule that anybody has less than 15 % battery
      When Ana's phone forwards the car's charge of 10 %
      Then 1 alert is raised

  Rule: Consent is the gate for what documents become, too

    Scenario: A person who allows documents and not their location
      Given Borut carries a phone and allows documents and battery
      And the mapping that reads the car's drives
      When Borut's phone forwards a drive of the car:
        | when           | where   |
        | 10 minutes ago | at Home |
      Then 0 locations of Borut's phone are kept
      And 1 document of Borut's phone is kept
      And quarantine is empty

  Rule: A document is understood as a whole or not at all

    Scenario: One position of a drive is impossible
      Given the mapping that reads the car's drives
      When Ana's phone forwards a drive of the car:
        | when           | where            |
        | 20 minutes ago | at Home          |
        | 10 minutes ago | nowhere on earth |
      Then 0 locations of Ana's phone are kept
      And quarantine holds what the car said, because a position of it is impossible

  Rule: A mapping is tried before it is saved

    Scenario: A trial keeps nothing
      When somebody tries the mapping that reads the car's charge on a charge of 80 %
      Then the trial makes a battery of 80 %
      But no battery level of Ana's phone is kept

    Scenario: A trial says what it does not understand
      When somebody tries the mapping that reads the car's charge on a charge of half
      Then the trial says that the charge is not understood
      And quarantine is empty

  Rule: A mapping that cannot work is refused, naming the place

    Scenario Outline: Mistakes
      When somebody makes a mapping with <mistake>
      Then that is refused, naming <mistake>

      Examples:
        | mistake                           |
        | a bracket that is not closed      |
        | a kind that does not exist        |
        | a field that the kind has not     |
        | a position without a longitude    |
        | a battery that is always at 150 % |

    Scenario: Two mappings for one source would say everything twice
      Given the mapping that reads the car's charge
      When somebody makes another mapping for the car
      Then there is no second mapping for the car

  Rule: What a mapping does not understand waits in quarantine until it does

    Scenario: The car begins to speak in words
      Given the mapping that reads the car's charge
      When Ana's phone forwards the car's charge of half
      Then quarantine holds what the car said, because its charge is not understood
      And no battery level of Ana's phone is kept

    Scenario: The mapping is mended
      Given the mapping that reads the car's charge
      And Ana's phone has forwarded the car's charge of half
      When the mapping is mended to read the car's charge in words
      And the quarantine is processed again
      Then Ana's phone is known to have 50 % battery
      And quarantine is empty
      And 1 document of Ana's phone is kept

    Scenario: The mapping is not mended well enough
      Given the mapping that reads the car's charge
      And Ana's phone has forwarded a song that the car played
      When the mapping is mended to read the car's charge in words
      And the quarantine is processed again
      Then quarantine holds what the car said, because no rule is about it
      And 1 document of Ana's phone is kept

    Scenario: Processed again twice
      Given the mapping that reads the car's charge
      And Ana's phone has forwarded the car's charge of half
      When the mapping is mended to read the car's charge in words
      And the quarantine is processed again
      And the quarantine is processed again
      Then 1 battery level of Ana's phone is kept

    Scenario: One source alone is processed again
      Given the mapping that reads the car's charge
      And the mapping that reads the scooter's charge
      And Ana's phone has forwarded the car's charge of half
      And Ana's phone has forwarded the scooter's charge of half
      When the mapping is mended to read the car's charge in words
      And the mapping is mended to read the scooter's charge in words
      And what the car said is processed again
      Then 1 battery level of Ana's phone is kept
      And quarantine holds what the scooter said, because its charge is not understood
