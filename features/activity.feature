Feature: Activity
  What somebody used and looked at, and for how long, over all devices.

  Background:
    Given Ana has a phone that tells everything

  Rule: Time counts while somebody is there

    Scenario: Away from the phone
      When Ana's phone tells of this:
        | when           | what         | for        |
        | Tuesday 10:00  | the app maps | 30 minutes |
        | Tuesday 10:10  | nobody there | 10 minutes |
      Then on Tuesday Ana spent 20 minutes on maps
      And on Tuesday Ana was active for 20 minutes

    Scenario: Two devices at the same time are one time
      Given Ana has a desktop that tells everything
      When Ana's phone tells of this:
        | when          | what         | for        |
        | Tuesday 10:00 | the app maps | 30 minutes |
      And Ana's desktop tells of this:
        | when          | what         | for        |
        | Tuesday 10:20 | the app mail | 30 minutes |
      Then on Tuesday Ana was active for 50 minutes

    Scenario: What comes late is there all the same
      Given Ana's phone told of this:
        | when          | what         | for        |
        | Tuesday 10:00 | the app maps | 10 minutes |
      And on Tuesday Ana was active for 10 minutes
      When Ana's phone tells of this:
        | when          | what         | for        |
        | Tuesday 09:00 | the app maps | 10 minutes |
      Then on Tuesday Ana was active for 20 minutes

  Rule: Pages belong to sites, and apps and sites to categories

    Scenario: A site with all its names
      When Ana's phone tells of this:
        | when          | what                        | for        |
        | Tuesday 10:00 | the page m.youtube.com/a    | 10 minutes |
        | Tuesday 11:00 | the page www.youtube.com/b  | 10 minutes |
        | Tuesday 12:00 | the page notyoutube.com/c   | 10 minutes |
      Then on Tuesday Ana spent 20 minutes on youtube.com
      And on Tuesday Ana spent 20 minutes on video

    Scenario: An app and a site of one category at the same time count once
      When Ana's phone tells of this:
        | when          | what                               | for        |
        | Tuesday 10:00 | the app com.google.android.youtube | 10 minutes |
        | Tuesday 10:05 | the page youtube.com/a             | 10 minutes |
      Then on Tuesday Ana spent 15 minutes on video

    Scenario: A family has its own idea of a game
      Given Ana's phone told of this:
        | when          | what          | for        |
        | Tuesday 10:00 | the app maths | 10 minutes |
      When maths counts as games
      Then on Tuesday Ana spent 10 minutes on games
