Feature: Rules and places that cannot work
  What cannot work is refused when it is saved, and it is said where the mistake is.

  Background:
    Given Ana carries a phone and allows location
    And the place School with a radius of 100 m

  Rule: A place has a shape that can be one

    Scenario Outline: Shapes that cannot be
      When somebody draws the place Garden as <shape>
      Then it is refused for its shape: <why>

      Examples:
        | shape            | why            |
        | a bow tie        | crosses itself |
        | a line           | encloses       |
        | half a continent | reaches further than 1000 km |
        | the North Pole   | 85             |

    Scenario: A circle that is too large
      When somebody draws a circle of 600 km around Home
      Then it is refused for its radius: must be between 10 and 500000

    Scenario: A circle beyond the date line
      When somebody draws a circle at 181 degrees east
      Then it is refused for its middle: must be between -180 and 180

    Scenario: A box across the date line is a place like any other
      When somebody draws the place Island as a box across the date line
      Then that is fine

  Rule: A condition must make sense

    Scenario Outline: Conditions that make none
      When somebody tries to make the rule that Ana <asks>
      Then it is refused for its condition: <why>

      Examples:
        | asks                                  | why                                     |
        | enters Atlantis                       | there is no place                       |
        | uses unicorns                         | there is no category unicorns           |
        | enters School and comes across “vape” | two things to happen at the same moment |
        | enters School or is inside School     | make two rules of it                    |
        | is silent for 1 hour and is charging  | cannot be combined                      |
        | fulfils “location.speed_mps > 'fast'” | column 20                               |
        | fulfils “location.speed_mps >”        | column 21                               |
        | fulfils “location.sped > 1.0”         | column 9                                |
        | fulfils “location.speed_mps”          | must be true or false                   |
        | fulfils “time.hour > 7”               | must speak of one kind                  |

    Scenario: What happens at a moment does not last
      When somebody tries to make the rule that Ana comes across “vape” for 10 minutes
      Then it is refused for its hold: the condition does not last

  Rule: What is probably not meant is said, and allowed

    Scenario: A hold that is shorter than the time between two positions
      Then the rule that Ana is outside School for 30 seconds is doubtful for its hold: is shorter than the 60 s
      But the rule that Ana is outside School for 10 minutes raises no doubts
